// blockyard cache: the prepared rows that are kept on the disk for later runs.
#include "data/cache_folder.hpp"

#include <cmath>

#include "parse.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  bool clear = false;
  double older_days = 0;
  double limit_gb = -1;
};

constexpr double kGigabyte = 1e9;
constexpr double kDay = 86400;

std::string agoText(int64_t seconds) {
  constexpr int64_t kMinute = 60, kHour = 3600;
  if (seconds < kMinute) return "just now";
  if (seconds < kHour) return std::to_string(seconds / kMinute) + " min ago";
  if (seconds < static_cast<int64_t>(kDay)) return std::to_string(seconds / kHour) + " h ago";
  return std::to_string(seconds / static_cast<int64_t>(kDay)) + " d ago";
}

void show(const CacheFolder& cache, const Context& context) {
  const std::vector<CachedItem> items = cache.list();
  int64_t sum = 0;
  for (const auto& item : items) sum += item.bytes;
  if (context.json) {
    Json json = {
        {"folder", cache.path().string()}, {"bytes", sum}, {"limit", cache.limit()}, {"entries", Json::array()}};
    for (const auto& item : items)
      json["entries"].push_back(
          {{"key", item.key}, {"what", item.what}, {"bytes", item.bytes}, {"used_at", item.used_at}});
    return context.printJson(json);
  }
  const int64_t now = ::time(nullptr);
  constexpr size_t kKeyShown = 12;
  TextTable table({"key", ">size", "used", "made from"});
  for (const auto& item : items)
    table.add({item.key.substr(0, kKeyShown), bytesText(static_cast<double>(item.bytes)), agoText(now - item.used_at),
               printable(item.what)});
  if (!items.empty()) context.print(table.text(context.out));
  context.print(
      (items.empty() ? "No prepared rows are kept" : bytesText(static_cast<double>(sum)) + " of prepared rows") +
      " in " + printable(cache.path().string()) + "; limit " + bytesText(static_cast<double>(cache.limit())) + "\n");
}

int run(const Options& options, const Context& context) {
  if (std::isnan(options.limit_gb) || !std::isfinite(options.older_days))
    throwUsage("--limit, --older-than: expected a number");
  const CacheFolder cache;
  if (options.limit_gb >= 0) cache.setLimit(static_cast<int64_t>(options.limit_gb * kGigabyte));
  if (options.clear) {
    const int64_t freed = cache.clear(static_cast<int64_t>(options.older_days * kDay));
    if (context.json)
      context.printJson({{"freed", freed}});
    else
      context.print(bytesText(static_cast<double>(freed)) + " freed\n");
    return 0;
  }
  show(cache, context);
  return 0;
}

}  // namespace

Verb cacheVerb() {
  return {"cache", "Show or clear the prepared rows that are kept for later runs",
          "blockyard cache\n"
          "blockyard cache --clear                 # everything\n"
          "blockyard cache --clear --older-than 7  # what was not used for a week\n"
          "blockyard cache --limit 50              # GB; what was not used for longest goes first",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            auto* const clear =
                app.add_flag("--clear", options->clear, "remove the entries; runs in progress keep theirs");
            app.add_option("--older-than", options->older_days, "days since the last use; needs --clear")
                ->needs(clear)
                ->check(CLI::NonNegativeNumber);
            app.add_option("--limit", options->limit_gb, "GB that all entries may take together; 0 keeps none")
                ->check(CLI::Range(0.0, 1e6));
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
