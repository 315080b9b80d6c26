#include "cost/rates.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "cost/csv.h"

namespace aecos::cost {
namespace {

Rate one(const std::string& csv) {
  const auto rates = parse_rates(csv);
  EXPECT_TRUE(rates) << (rates ? "" : rates.error().message);
  return rates && rates->rates.size() == 1 ? rates->rates.front() : Rate{};
}

std::string fault(const std::string& csv) {
  const auto rates = parse_rates(csv);
  return rates ? "" : rates.error().message;
}

std::string rate_of(const std::string& number, char separator = ';') {
  const std::string s(1, separator);
  const bool quoted = number.find(separator) != std::string::npos;
  return to_text(one("class" + s + "unit" + s + "rate" + s + "currency\nIfcWall" + s + "m2" + s + (quoted ? "\"" : "") +
                     number + (quoted ? "\"" : "") + s + "EUR\n")
                     .rate);
}

std::string number_fault(const std::string& number, const std::string& s = ";") {
  return fault("class" + s + "unit" + s + "rate" + s + "currency\nIfcWall" + s + "m2" + s + "\"" + number + "\"" + s +
               "EUR\n");
}

TEST(Rates, ARowIsReadByTheNamesOfTheColumns) {
  const Rate rate =
      one("Currency,unit,Rate,class,predefinedType,classification,material,name,type,description\r\n"
          "eur,m²,12.50,ifcwall,SHEAR,EF_25,Concrete*,W-*,EW,\"with \"\"render\"\", both sides\"\r\n");
  EXPECT_EQ(rate.ifc_class, "IfcWall");
  EXPECT_EQ(rate.predefined_type, "SHEAR");
  EXPECT_EQ(rate.classification, "EF_25");
  EXPECT_EQ(rate.material, "Concrete*");
  EXPECT_EQ(rate.name, "W-*");
  EXPECT_EQ(rate.type, "EW");
  EXPECT_EQ(rate.unit->name, "m2");
  EXPECT_EQ(to_text(rate.rate), "12.50");
  EXPECT_EQ(rate.currency, "EUR");
  EXPECT_EQ(rate.description, "with \"render\", both sides");
  EXPECT_EQ(rate.line, 2U);
}

TEST(Rates, WhatSpreadsheetsInEuropeWriteIsReadToo) {
  const Rate rate =
      one("\xef\xbb\xbf"
          "class;unit;rate;currency;\r\nIfcSlab;Stk.;\"1.250,50\";EUR;\r\n;;;;\r\n");
  EXPECT_EQ(to_text(rate.rate), "1250.50");
  EXPECT_EQ(rate.unit->name, "pcs");
  EXPECT_EQ(one("sep=;\r\nclass;unit;rate;currency\r\nIfcSlab;m3;3,5;EUR\r\n").line, 3U);
  EXPECT_EQ(to_text(one("class\tunit\trate\tcurrency\nIfcSlab\tm3\t3,5\tEUR").rate), "3.5");
}

TEST(Rates, ANumberIsReadInOneWayOrNotAtAll) {
  EXPECT_EQ(rate_of("35,5"), "35.5");
  EXPECT_EQ(rate_of("35.50"), "35.50");
  EXPECT_EQ(rate_of("0,125"), "0.125");
  EXPECT_EQ(rate_of("1234,567"), "1234.567");
  EXPECT_EQ(rate_of("1.234,56"), "1234.56");
  EXPECT_EQ(rate_of("1,234.56", ','), "1234.56");
  EXPECT_EQ(rate_of("1.250", ','), "1.250");
  EXPECT_EQ(rate_of("12,50", ','), "12.50");
  EXPECT_NE(number_fault("1.250").find("can be read as 1250 and as 1.250"), std::string::npos);
  EXPECT_NE(number_fault("1,250").find("can be read as"), std::string::npos);
  EXPECT_NE(number_fault("1,250", ",").find("can be read as"), std::string::npos);
}

TEST(Rates, WhatIsNoRateIsRefusedWithItsPlace) {
  for (const char* number : {"NaN", "1e308", "inf", "-5", "+5", "12 EUR", "1.2.3", "1'000", "0x10", "", "1,2,3", ".5",
                             "5.", "1234567890123", "1.1234567", "999999999999999999999999999999", "12.34,5.6"}) {
    const std::string found = number_fault(number);
    EXPECT_TRUE(found.starts_with("2:12: ")) << number << " gives " << found;
  }
  EXPECT_NE(number_fault("-5").find("negative"), std::string::npos);
  for (const char* number : {".5", "5.", ",5", "5,"})
    EXPECT_EQ(number_fault(number),
              "2:12: \"" + std::string(number) + "\" has no digit on one side of the point; write one on both: 0.5");
}

TEST(Rates, AFaultHasItsPlaceAndRemedy) {
  const std::string head = "class,unit,rate,currency\n";
  EXPECT_NE(fault("").find("the file is empty"), std::string::npos);
  EXPECT_NE(fault("IfcWall,m2,5,EUR\n").find("1:1: \"IfcWall\" is no column of rates"), std::string::npos);
  EXPECT_NE(fault("class,unit,rate\n").find("there is no column currency"), std::string::npos);
  EXPECT_NE(fault("class,class,unit,rate,currency\n").find("1:7: the column \"class\" is there twice"),
            std::string::npos);
  EXPECT_NE(fault(head + "IfcWal,m2,5,EUR\n").find("2:1: \"IfcWal\" is no class of IFC"), std::string::npos);
  EXPECT_NE(fault(head + "IfcWall,furlong,5,EUR\n").find("2:9: \"furlong\" is no unit"), std::string::npos);
  EXPECT_NE(fault(head + "IfcWall,m2,5,€\n").find("2:14: \"€\" is no currency"), std::string::npos);
  EXPECT_NE(fault(head + ",m2,5,EUR\n").find("2:1: the row does not say what it is for"), std::string::npos);
  EXPECT_NE(fault(head + "IfcWall,m2,5,EUR,more\n").find("2:18: more cells"), std::string::npos);
  EXPECT_NE(fault(head + "IfcWall,m2,5,EUR\nIfcSlab,m2,5,EUR\nifcwall,m3,6,EUR\n")
                .find("4:1: this row is for the same as line 2"),
            std::string::npos);
  const std::string stars = "a*b*c*d*e*f*g*h*";
  EXPECT_EQ(fault("name,unit,rate,currency\n" + stars + ",m2,5,EUR\n"), "");
  for (const char* column : {"name", "type", "material"})
    EXPECT_EQ(fault("unit,rate,currency," + std::string(column) + "\nm2,5,EUR," + stars + "i*\n"),
              "2:10: \"" + stars + "i*\" has more than 8 of *; leave some out, one * stands for any text");
  EXPECT_NE(fault(head + "\"IfcWall,m2").find("2:1: a quote that is never closed"), std::string::npos);
  EXPECT_NE(fault(head + "Ifc\"Wall,m2,5,EUR").find("2:4: a quote inside of a cell"), std::string::npos);
  EXPECT_NE(fault(head + "\"IfcWall\"x,m2,5,EUR").find("2:10: text behind a closing quote"), std::string::npos);
}

TEST(Rates, HostileFilesAreRefused) {
  const std::string head = "name,unit,rate,currency\n";
  EXPECT_NE(fault(std::string(100U << 20U, 'a')).find("more than 8388608"), std::string::npos);
  EXPECT_NE(fault(head + std::string("W\0all,m2,5,EUR\n", 15)).find("2:1: a NUL byte"), std::string::npos);
  EXPECT_NE(fault(head + "W\x1b[2J,m2,5,EUR\n").find("a control character"), std::string::npos);
  EXPECT_NE(fault(head + "W\xff,m2,5,EUR\n").find("not UTF-8"), std::string::npos);
  EXPECT_NE(fault("\xff\xfe"
                  "n\0")
                .find("UTF-16"),
            std::string::npos);
  EXPECT_NE(fault(head + std::string(5000, 'a') + ",m2,5,EUR\n").find("a cell of more than 2000 bytes"),
            std::string::npos);
  EXPECT_NE(fault(head + "\"" + std::string(5000, 'a') + "\",m2,5,EUR\n").find("a cell of more"), std::string::npos);
  std::string many = head;
  for (int k = 0; k < 20'001; ++k) many += "W" + std::to_string(k) + ",m2,5,EUR\n";
  EXPECT_NE(fault(many).find("more than 20000 rows"), std::string::npos);
}

TEST(Rates, AnyBytesAreReadOrRefused) {
  rc::check([] {
    const auto pieces =
        *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{"class",
                                                                                                  "unit",
                                                                                                  "rate",
                                                                                                  "currency",
                                                                                                  ",",
                                                                                                  ";",
                                                                                                  "\"",
                                                                                                  "\n",
                                                                                                  "\r",
                                                                                                  "IfcWall",
                                                                                                  "m2",
                                                                                                  "1.5",
                                                                                                  "1,5",
                                                                                                  "EUR",
                                                                                                  "\xef\xbb\xbf",
                                                                                                  "\xff",
                                                                                                  std::string(1, '\0'),
                                                                                                  "sep=;",
                                                                                                  "*",
                                                                                                  " ",
                                                                                                  "-",
                                                                                                  "\t"}));
    std::string csv;
    for (const std::string& piece : pieces) csv += piece;
    const auto rates = parse_rates(csv);
    RC_ASSERT(rates || rates.error().message.find(": ") != std::string::npos);
  });
}

TEST(Rates, NamesAreTextsWhateverTheySay) {
  const Rate rate = one("name,unit,rate,currency\n\"<script>alert(1)</script>\",pcs,5,EUR\n");
  EXPECT_EQ(rate.name, "<script>alert(1)</script>");
}

TEST(Rates, ACellThatASpreadsheetWouldRunIsMadeAText) {
  EXPECT_EQ(csv_cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  EXPECT_EQ(csv_cell("-1"), "'-1");
  EXPECT_EQ(csv_cell("W-01, \"east\""), "\"W-01, \"\"east\"\"\"");
  EXPECT_EQ(csv_cell("plain"), "plain");
}

TEST(Rates, SmallCoinsAreThoseOfTheCurrency) {
  EXPECT_EQ(currency_places("EUR"), 2);
  EXPECT_EQ(currency_places("JPY"), 0);
  EXPECT_EQ(currency_places("XOF"), 0);
  EXPECT_EQ(currency_places("KWD"), 3);
}

}  // namespace
}  // namespace aecos::cost
