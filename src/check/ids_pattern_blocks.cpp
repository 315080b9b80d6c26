#include <algorithm>
#include <iterator>

#include "check/ids_pattern_internal.h"

namespace aecos::check {
namespace {

struct Block {
  std::string_view name, range;
};

// Of Unicode 3.1, which XML Schema 1.0 refers to. Sorted by name.
constexpr Block blocks[] = {
    {"AlphabeticPresentationForms", R"(\x{FB00}-\x{FB4F})"},
    {"Arabic", R"(\x{0600}-\x{06FF})"},
    {"ArabicPresentationForms-A", R"(\x{FB50}-\x{FDFF})"},
    {"ArabicPresentationForms-B", R"(\x{FE70}-\x{FEFE})"},
    {"Armenian", R"(\x{0530}-\x{058F})"},
    {"Arrows", R"(\x{2190}-\x{21FF})"},
    {"BasicLatin", R"(\x{0000}-\x{007F})"},
    {"Bengali", R"(\x{0980}-\x{09FF})"},
    {"BlockElements", R"(\x{2580}-\x{259F})"},
    {"Bopomofo", R"(\x{3100}-\x{312F})"},
    {"BopomofoExtended", R"(\x{31A0}-\x{31BF})"},
    {"BoxDrawing", R"(\x{2500}-\x{257F})"},
    {"BraillePatterns", R"(\x{2800}-\x{28FF})"},
    {"ByzantineMusicalSymbols", R"(\x{1D000}-\x{1D0FF})"},
    {"CJKCompatibility", R"(\x{3300}-\x{33FF})"},
    {"CJKCompatibilityForms", R"(\x{FE30}-\x{FE4F})"},
    {"CJKCompatibilityIdeographs", R"(\x{F900}-\x{FAFF})"},
    {"CJKCompatibilityIdeographsSupplement", R"(\x{2F800}-\x{2FA1F})"},
    {"CJKRadicalsSupplement", R"(\x{2E80}-\x{2EFF})"},
    {"CJKSymbolsandPunctuation", R"(\x{3000}-\x{303F})"},
    {"CJKUnifiedIdeographs", R"(\x{4E00}-\x{9FFF})"},
    {"CJKUnifiedIdeographsExtensionA", R"(\x{3400}-\x{4DB5})"},
    {"CJKUnifiedIdeographsExtensionB", R"(\x{20000}-\x{2A6D6})"},
    {"Cherokee", R"(\x{13A0}-\x{13FF})"},
    {"CombiningDiacriticalMarks", R"(\x{0300}-\x{036F})"},
    {"CombiningHalfMarks", R"(\x{FE20}-\x{FE2F})"},
    {"CombiningMarksforSymbols", R"(\x{20D0}-\x{20FF})"},
    {"ControlPictures", R"(\x{2400}-\x{243F})"},
    {"CurrencySymbols", R"(\x{20A0}-\x{20CF})"},
    {"Cyrillic", R"(\x{0400}-\x{04FF})"},
    {"Deseret", R"(\x{10400}-\x{1044F})"},
    {"Devanagari", R"(\x{0900}-\x{097F})"},
    {"Dingbats", R"(\x{2700}-\x{27BF})"},
    {"EnclosedAlphanumerics", R"(\x{2460}-\x{24FF})"},
    {"EnclosedCJKLettersandMonths", R"(\x{3200}-\x{32FF})"},
    {"Ethiopic", R"(\x{1200}-\x{137F})"},
    {"GeneralPunctuation", R"(\x{2000}-\x{206F})"},
    {"GeometricShapes", R"(\x{25A0}-\x{25FF})"},
    {"Georgian", R"(\x{10A0}-\x{10FF})"},
    {"Gothic", R"(\x{10330}-\x{1034F})"},
    {"Greek", R"(\x{0370}-\x{03FF})"},
    {"GreekExtended", R"(\x{1F00}-\x{1FFF})"},
    {"Gujarati", R"(\x{0A80}-\x{0AFF})"},
    {"Gurmukhi", R"(\x{0A00}-\x{0A7F})"},
    {"HalfwidthandFullwidthForms", R"(\x{FF00}-\x{FFEF})"},
    {"HangulCompatibilityJamo", R"(\x{3130}-\x{318F})"},
    {"HangulJamo", R"(\x{1100}-\x{11FF})"},
    {"HangulSyllables", R"(\x{AC00}-\x{D7A3})"},
    {"Hebrew", R"(\x{0590}-\x{05FF})"},
    {"Hiragana", R"(\x{3040}-\x{309F})"},
    {"IPAExtensions", R"(\x{0250}-\x{02AF})"},
    {"IdeographicDescriptionCharacters", R"(\x{2FF0}-\x{2FFF})"},
    {"Kanbun", R"(\x{3190}-\x{319F})"},
    {"KangxiRadicals", R"(\x{2F00}-\x{2FDF})"},
    {"Kannada", R"(\x{0C80}-\x{0CFF})"},
    {"Katakana", R"(\x{30A0}-\x{30FF})"},
    {"Khmer", R"(\x{1780}-\x{17FF})"},
    {"Lao", R"(\x{0E80}-\x{0EFF})"},
    {"Latin-1Supplement", R"(\x{0080}-\x{00FF})"},
    {"LatinExtended-A", R"(\x{0100}-\x{017F})"},
    {"LatinExtended-B", R"(\x{0180}-\x{024F})"},
    {"LatinExtendedAdditional", R"(\x{1E00}-\x{1EFF})"},
    {"LetterlikeSymbols", R"(\x{2100}-\x{214F})"},
    {"Malayalam", R"(\x{0D00}-\x{0D7F})"},
    {"MathematicalAlphanumericSymbols", R"(\x{1D400}-\x{1D7FF})"},
    {"MathematicalOperators", R"(\x{2200}-\x{22FF})"},
    {"MiscellaneousSymbols", R"(\x{2600}-\x{26FF})"},
    {"MiscellaneousTechnical", R"(\x{2300}-\x{23FF})"},
    {"Mongolian", R"(\x{1800}-\x{18AF})"},
    {"MusicalSymbols", R"(\x{1D100}-\x{1D1FF})"},
    {"Myanmar", R"(\x{1000}-\x{109F})"},
    {"NumberForms", R"(\x{2150}-\x{218F})"},
    {"Ogham", R"(\x{1680}-\x{169F})"},
    {"OldItalic", R"(\x{10300}-\x{1032F})"},
    {"OpticalCharacterRecognition", R"(\x{2440}-\x{245F})"},
    {"Oriya", R"(\x{0B00}-\x{0B7F})"},
    {"PrivateUse", R"(\x{E000}-\x{F8FF}\x{F0000}-\x{FFFFD}\x{100000}-\x{10FFFD})"},
    {"Runic", R"(\x{16A0}-\x{16FF})"},
    {"Sinhala", R"(\x{0D80}-\x{0DFF})"},
    {"SmallFormVariants", R"(\x{FE50}-\x{FE6F})"},
    {"SpacingModifierLetters", R"(\x{02B0}-\x{02FF})"},
    {"Specials", R"(\x{FEFF}\x{FFF0}-\x{FFFD})"},
    {"SuperscriptsandSubscripts", R"(\x{2070}-\x{209F})"},
    {"Syriac", R"(\x{0700}-\x{074F})"},
    {"Tags", R"(\x{E0000}-\x{E007F})"},
    {"Tamil", R"(\x{0B80}-\x{0BFF})"},
    {"Telugu", R"(\x{0C00}-\x{0C7F})"},
    {"Thaana", R"(\x{0780}-\x{07BF})"},
    {"Thai", R"(\x{0E00}-\x{0E7F})"},
    {"Tibetan", R"(\x{0F00}-\x{0FFF})"},
    {"UnifiedCanadianAboriginalSyllabics", R"(\x{1400}-\x{167F})"},
    {"YiRadicals", R"(\x{A490}-\x{A4CF})"},
    {"YiSyllables", R"(\x{A000}-\x{A48F})"},
};

}  // namespace

std::string_view block_range(std::string_view name) {
  const auto at = std::lower_bound(std::begin(blocks), std::end(blocks), name,
                                   [](const Block& block, std::string_view wanted) { return block.name < wanted; });
  return at != std::end(blocks) && at->name == name ? at->range : std::string_view();
}

}  // namespace aecos::check
