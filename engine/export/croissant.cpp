#include "export/croissant.hpp"

namespace blockyard {
namespace {

using Ordered = nlohmann::ordered_json;

// The context that the specification prescribes, word for word.
const char* const kContext = R"({
  "@language": "en", "@vocab": "https://schema.org/",
  "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
  "rai": "http://mlcommons.org/croissant/RAI/", "data": {"@id": "cr:data", "@type": "@json"},
  "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
  "equivalentProperty": "cr:equivalentProperty", "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
  "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format",
  "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
  "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
  "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
  "samplingRate": "cr:samplingRate",
  "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
  "transform": "cr:transform"
})";

const char* typeOf(const ColumnProfile& column) {
  if (column.type == "number" || column.type == "target") return "sc:Float";
  if (column.type == "time") return "sc:DateTime";
  return "sc:Text";
}

}  // namespace

nlohmann::ordered_json croissant(const DataProfile& profile, const CroissantWish& wish) {
  Ordered files = Ordered::array();
  for (const CroissantFile& file : wish.files)
    files.push_back({{"@type", "cr:FileObject"},
                     {"@id", file.name},
                     {"name", file.name},
                     {"contentUrl", file.url},
                     {"contentSize", std::to_string(file.bytes) + " B"},
                     {"encodingFormat", file.format},
                     {"sha256", file.sha256}});
  Ordered fields = Ordered::array();
  for (const ColumnProfile& column : profile.columns) {
    Ordered field = {
        {"@type", "cr:Field"}, {"@id", "rows/" + column.name}, {"name", column.name}, {"dataType", typeOf(column)}};
    if (!wish.files.empty())
      field["source"] = {{"fileObject", {{"@id", wish.files.front().name}}}, {"extract", {{"column", column.name}}}};
    fields.push_back(std::move(field));
  }
  Ordered out = {{"@context", Ordered::parse(kContext)},
                 {"@type", "sc:Dataset"},
                 {"conformsTo", "http://mlcommons.org/croissant/1.0"},
                 {"name", wish.name}};
  std::string description = wish.description.empty() ? std::to_string(profile.rows) + " rows" : wish.description;
  for (const std::string& note : notesOn(profile)) description += "; " + note;
  out["description"] = description;
  if (!wish.licence.empty()) out["license"] = wish.licence;
  if (!wish.origin.empty()) out["url"] = wish.origin;
  out["distribution"] = std::move(files);
  out["recordSet"] =
      Ordered::array({{{"@type", "cr:RecordSet"}, {"@id", "rows"}, {"name", "rows"}, {"field", std::move(fields)}}});
  return out;
}

}  // namespace blockyard
