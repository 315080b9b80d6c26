#include <algorithm>
#include <map>

#include "base/percent.h"
#include "check/finding.h"
#include "text/json_writer.h"

namespace aecos::check {
namespace {

void write_element(text::JsonWriter& json, const Finding& finding) {
  json.key("element").begin_object();
  if (!finding.global_id.empty()) json.member("globalId", finding.global_id);
  json.member("class", finding.ifc_class).member("name", finding.name).member("id", finding.step_id).end_object();
}

const Waiver* waiver_of(const Report& report, const Finding& finding) {
  const auto found = std::find_if(report.waivers.begin(), report.waivers.end(),
                                  [&](const WaiverUse& use) { return use.waiver.id == finding.waiver; });
  return finding.waiver.empty() || found == report.waivers.end() ? nullptr : &found->waiver;
}

void write_waived(text::JsonWriter& json, const Report& report, const Finding& finding) {
  if (const Waiver* const waiver = waiver_of(report, finding)) {
    json.key("waived").begin_object().member("id", waiver->id).member("reason", waiver->reason);
    json.member("until", waiver->until).member("by", waiver->by).end_object();
  }
  if (!finding.expired.empty()) json.member("waiverOver", finding.expired);
}

std::string_view level(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

std::string said(const Finding& finding) {
  std::string who = finding.ifc_class;
  if (!finding.name.empty()) who += (who.empty() ? "" : " ") + finding.name;
  if (!who.empty()) who += ": ";
  std::string text = (finding.group.empty() ? "" : finding.group + ": ") + who + finding.message;
  if (!finding.mend.empty()) text += ". To mend it: " + finding.mend;
  return text;
}

// A path as the relative reference of a URI.
std::string uri(std::string_view path) { return path.empty() ? "." : percent_encode(path, "/"); }

// Where one result has them, all have.
void write_suppressions(text::JsonWriter& json, const Report& report, const Finding& finding) {
  if (report.waivers.empty()) return;
  json.key("suppressions").begin_array();
  if (const Waiver* const waiver = waiver_of(report, finding)) {
    json.begin_object().member("kind", "external").member("status", "accepted");
    json.member("justification",
                waiver->reason + " (" + waiver->by + ", until " + waiver->until + ", " + waiver->id + ")");
    json.end_object();
  }
  json.end_array();
}

void write_sarif_result(text::JsonWriter& json, const Report& report, const Finding& finding, std::size_t rule) {
  json.begin_object().member("ruleId", finding.rule).member("ruleIndex", rule).member("level", level(finding.severity));
  json.key("message").begin_object().member("text", said(finding)).end_object();
  json.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
  json.key("artifactLocation").begin_object().member("uri", uri(finding.path)).end_object();
  if (finding.line > 0)
    json.key("region")
        .begin_object()
        .member("startLine", finding.line)
        .member("startColumn", std::max<std::size_t>(1, finding.column))
        .end_object();
  json.end_object();
  if (!finding.global_id.empty()) {
    json.key("logicalLocations").begin_array().begin_object();
    json.member("name", finding.name)
        .member("fullyQualifiedName", finding.global_id)
        .member("kind", "element")
        .end_object()
        .end_array();
  }
  json.end_object().end_array();
  write_suppressions(json, report, finding);
  const std::string subject = finding.global_id.empty() ? finding.path : finding.global_id;
  json.key("partialFingerprints")
      .begin_object()
      .member("aecos/v1", finding.rule + "|" + finding.group + "|" + subject + "|" + finding.message)
      .end_object();
  json.end_object();
}

std::string escaped(std::string_view text) {
  std::string clean = text::json_quote(text);  // Makes anything valid UTF-8; undone but for that.
  auto decoded = text::parse_json(clean);
  const std::string utf8(decoded ? decoded->root().as_string().value_or("") : "");
  std::string out;
  for (const char c : utf8) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ' || c == '\n') out += c;
        break;
    }
  }
  return out;
}

constexpr std::string_view page_head = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8885; }
.good { color: #1a7f37; } .bad { color: #c62828; } code { font-size: .85em; } small { opacity: .75; }
@media print {
  body { max-width: none; margin: 0; font-size: 11px; }
  tr { break-inside: avoid; } h2 { break-after: avoid; }
}
</style>
)";

void write_specifications(const Report& report, std::string& out) {
  if (report.specifications.empty()) return;
  out +=
      "<h2>Requirements</h2>\n<table><tr><th>Specification</th><th>Model</th><th>Elements</th><th>Failed</"
      "th><th>Result</th></tr>\n";
  for (const SpecificationSummary& one : report.specifications) {
    out += "<tr><td>" + escaped(one.name) + "<br><small>" + escaped(one.ids_path) +
           (one.other_version ? " · written for another version of IFC" : "") + "</small></td><td>" +
           escaped(one.path) + "</td><td>" + std::to_string(one.applicable) + "</td><td>" + std::to_string(one.failed) +
           "</td><td class=\"" + (one.pass ? "good\">passed" : "bad\">failed") + "</td></tr>\n";
  }
  out += "</table>\n";
}

std::string waived_text(const Report& report, const Finding& finding) {
  if (const Waiver* const waiver = waiver_of(report, finding))
    return "<br><small>waived by " + escaped(waiver->by) + " until " + escaped(waiver->until) + ": " +
           escaped(waiver->reason) + "</small>";
  return finding.expired.empty() ? "" : "<br><small>the waiver " + escaped(finding.expired) + " is over</small>";
}

void write_findings(const Report& report, std::string& out) {
  std::map<std::string, std::vector<const Finding*>> groups;
  for (const Finding& finding : report.findings)
    groups[finding.group.empty() ? finding.rule : finding.group].push_back(&finding);
  for (const auto& [group, findings] : groups) {
    out += "<h2>" + escaped(group) + " (" + std::to_string(findings.size()) +
           ")</h2>\n<table><tr><th>Element</th><th>What is wrong</th><th>How to mend it</th></tr>\n";
    for (const Finding* const finding : findings) {
      const std::string where = finding->path + (finding->line > 0 ? ":" + std::to_string(finding->line) : "");
      out += "<tr><td>" + escaped(finding->ifc_class + (finding->name.empty() ? "" : " " + finding->name)) +
             "<br><code>" + escaped(finding->global_id) + "</code> <small>" + escaped(where) + "</small></td><td>" +
             (finding->severity == Severity::warning ? "<small>warning</small> " : "") + escaped(finding->message) +
             waived_text(report, *finding) + "</td><td>" + escaped(finding->mend) + "</td></tr>\n";
    }
    out += "</table>\n";
  }
}

}  // namespace

std::string report_json(const Report& report) {
  text::JsonWriter json(2);
  json.begin_object()
      .member("version", 1)
      .member("files", report.files)
      .member("errors", report.errors())
      .member("untold", report.untold)
      .member("waived", report.waived());
  json.key("specifications").begin_array();
  for (const SpecificationSummary& one : report.specifications) {
    json.begin_object().member("name", one.name);
    if (!one.identifier.empty()) json.member("identifier", one.identifier);
    json.member("ids", one.ids_path).member("path", one.path).member("pass", one.pass);
    json.member("applicable", one.applicable)
        .member("failed", one.failed)
        .member("otherVersion", one.other_version)
        .end_object();
  }
  json.end_array().key("findings").begin_array();
  for (const Finding& finding : report.findings) {
    json.begin_object()
        .member("rule", finding.rule)
        .member("level", level(finding.severity))
        .member("path", finding.path);
    if (finding.line > 0) json.member("line", finding.line).member("column", finding.column);
    if (!finding.group.empty()) json.member("specification", finding.group);
    if (finding.step_id > 0) write_element(json, finding);
    json.member("message", finding.message);
    if (!finding.mend.empty()) json.member("mend", finding.mend);
    write_waived(json, report, finding);
    json.end_object();
  }
  json.end_array().key("waivers").begin_array();
  for (const WaiverUse& use : report.waivers) {
    json.begin_object().member("id", use.waiver.id).member("findings", use.findings);
    json.member("over", use.expired).member("until", use.waiver.until).end_object();
  }
  json.end_array().key("notes").begin_array();
  for (const std::string& note : report.notes) json.value(note);
  json.end_array().end_object();
  return std::move(json).take();
}

std::string report_sarif(const Report& report) {
  const std::vector<Rule> all = rules();
  text::JsonWriter json(2);
  json.begin_object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
  json.key("runs").begin_array().begin_object().key("tool").begin_object().key("driver").begin_object();
  json.member("name", "aecos validate").key("rules").begin_array();
  for (const Rule& rule : all) {
    json.begin_object().member("id", rule.id);
    json.key("shortDescription").begin_object().member("text", rule.what).end_object().end_object();
  }
  json.end_array().end_object().end_object().member("columnKind", "utf16CodeUnits").key("results").begin_array();
  for (const Finding& finding : report.findings) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const Rule& rule) { return rule.id == finding.rule; });
    write_sarif_result(json, report, finding, static_cast<std::size_t>(at - all.begin()));
  }
  json.end_array().end_object().end_array().end_object();
  return std::move(json).take();
}

std::string report_html(const Report& report, std::string_view title) {
  std::string out(page_head);
  out += "<title>" + escaped(title) + "</title></head><body>\n<h1>" + escaped(title) + "</h1>\n<p class=\"" +
         (report.errors() == 0 ? "good\">No faults" : "bad\">" + std::to_string(report.errors()) + " faults") +
         (report.waived() == 0 ? "" : ", " + std::to_string(report.waived()) + " waived,") + " in " +
         std::to_string(report.files) + (report.files == 1 ? " file" : " files") +
         (report.untold > 0 ? "; " + std::to_string(report.untold) + " of them are not listed" : "") + ".</p>\n";
  for (const std::string& note : report.notes) out += "<p><small>" + escaped(note) + "</small></p>\n";
  write_specifications(report, out);
  write_findings(report, out);
  return out + "</body></html>\n";
}

}  // namespace aecos::check
