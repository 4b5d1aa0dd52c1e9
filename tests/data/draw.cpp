// Which rows an epoch draws: each once, or rare classes more often as imbalanced-learn has it; neighbours as
// scikit-learn finds them; and batches that are the same whoever gathers them.
#include "data/draw.hpp"

#include <ATen/ATen.h>

#include <QtTest/QtTest>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/value.hpp"
#include "data/loader.hpp"
#include "data/nearest.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/data/draw_reference.json"));
  return kAll;
}

std::shared_ptr<ClassBalance> balance(const Integers& counts, double share = 1, int64_t without = 0) {
  return std::make_shared<ClassBalance>(counts, without, share);
}

Draw draw(const std::shared_ptr<const ClassBalance>& classes, uint64_t epoch = 0) {
  return {KeyedPermutation(static_cast<uint64_t>(classes->size()), KeyedRandom(1).key(epoch)), classes,
          KeyedRandom(2).key(epoch)};
}

std::vector<Drawn> all(const Draw& draw) {
  std::vector<Drawn> out;
  for (int64_t i = 0; i < draw.size(); ++i) out.push_back(draw(i));
  return out;
}

}  // namespace

class TestDraw : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void asManyOfEachClassAsImbalancedLearn() {
    for (const Json& one : reference().at("counts")) {
      const Integers given = one.at("given").get<Integers>();
      const auto classes = balance(given, one.at("share").get<double>(), 3);
      Integers drawn(given.size());
      int64_t without = 0, rows = 0;
      std::map<int64_t, int> themselves;
      for (const int64_t count : given) rows += count;
      for (const Drawn& each : all(draw(classes))) {
        size_t c = 0;
        while (c < given.size() && each.place >= classes->firstPlace(c) + given[c]) ++c;
        c == given.size() ? ++without : ++drawn[c];
        if (each.extra == 0) ++themselves[each.place];
      }
      QCOMPARE(drawn, one.at("drawn").get<Integers>());
      QCOMPARE(without, int64_t{3});
      QCOMPARE(themselves.size(), static_cast<size_t>(rows + 3));  // every row comes once as itself
      for (const auto& [_, times] : themselves) QCOMPARE(times, 1);
    }
  }

  void extraRowsAreDrawnAlike() {
    const auto classes = balance({40'000, 10});
    std::vector<int> times(10);
    std::map<int64_t, int> extras;
    for (const Drawn& one : all(draw(classes))) {
      if (one.extra == 0) continue;
      ++times[static_cast<size_t>(one.place - 40'000)];
      ++extras[one.extra];
    }
    QCOMPARE(extras.size(), size_t{39'990});  // a number of its own each
    QCOMPARE(extras.begin()->first, int64_t{1});
    for (const int count : times) QVERIFY2(std::abs(count - 3999) < 300, qPrintable(QString::number(count)));
  }

  void everyEpochDrawsOthers() {
    const auto classes = balance({100, 5});
    const auto places = [&](uint64_t epoch) {
      Integers out;
      for (const Drawn& one : all(draw(classes, epoch)))
        if (one.extra > 0) out.push_back(one.place);
      std::sort(out.begin(), out.end());
      return out;
    };
    QCOMPARE(places(0), places(0));
    QVERIFY(places(0) != places(1));
  }

  void classesWithoutRowsAreLeftOut() {
    const auto classes = balance({0, 6, 0, 2, 0});
    QCOMPARE(classes->size(), int64_t{12});
    for (const Drawn& one : all(draw(classes))) QVERIFY(one.place >= 0 && one.place < 8);
  }

  void neighboursOfScikitLearn() {
    for (const Json& one : reference().at("neighbours")) {
      const at::Tensor rows =
          at::tensor(one.at("rows").get<Numbers>(), at::kFloat).view({-1, one.at("width").get<int64_t>()});
      const at::Tensor found = nearestRows(rows, one.at("k").get<int64_t>());
      const at::Tensor want = at::tensor(one.at("neighbours").get<Integers>(), at::kInt).view_as(found);
      QVERIFY(at::equal(found, want));
    }
  }

  void ofNeighboursAsNearTheFirstCome() {
    const at::Tensor rows = at::tensor(Numbers{0, 1, -1, 1, 0, 2}, at::kFloat).view({6, 1});
    const at::Tensor found = nearestRows(rows, 3);
    QVERIFY(at::equal(found[0], at::tensor(Integers{4, 1, 2}, at::kInt)));
    QVERIFY(at::equal(found[5], at::tensor(Integers{1, 3, 0}, at::kInt)));
  }

  void theSearchTellsHowFarItIsAndStops() {
    const at::Tensor rows = at::randn({1500, 4}, at::kFloat);
    std::vector<double> told;
    const at::Tensor whole = nearestRows(rows, 3, nullptr, [&](double share) { told.push_back(share); });
    QVERIFY(told.size() >= 3 && std::is_sorted(told.begin(), told.end()) && told.front() < 0.5);
    QCOMPARE(told.back(), 1.0);
    QVERIFY(at::equal(whole, nearestRows(rows, 3)));
    std::atomic<bool> stop = false;
    size_t reports = 0;
    nearestRows(rows, 3, &stop, [&](double) { stop = true, ++reports; });
    QCOMPARE(reports, size_t{1});
  }

  void smoteMovesTowardsNeighbours() {
    const auto classes = balance({30, 8});
    const at::Tensor rows = at::randn({8, 2}, at::kFloat);
    const at::Tensor neighbours = nearestRows(rows, 3);
    classes->setNeighbours(1, KeyedPermutation(8, KeyedRandom(0)), neighbours);
    int moved = 0;
    double ways = 0;
    for (const Drawn& one : all(draw(classes))) {
      if (one.extra == 0) continue;
      ++moved, ways += one.way;
      QVERIFY(one.way >= 0 && one.way < 1);
      QVERIFY((neighbours[one.place - 30] == one.toward - 30).any().item<bool>());
    }
    QCOMPARE(moved, 22);
    QVERIFY(std::abs(ways / moved - 0.5) < 0.2);
  }

  void ofLargeClassesASampleIsMixed() {
    const auto classes = balance({1000, 100});
    const KeyedPermutation sample(100, KeyedRandom(9));
    classes->setNeighbours(1, sample, nearestRows(at::randn({10, 2}, at::kFloat), 2));
    std::set<int64_t> places, wanted;
    for (const Drawn& one : all(draw(classes)))
      if (one.extra > 0) places.insert({one.place, one.toward});
    for (uint64_t i = 0; i < 10; ++i) wanted.insert(1000 + static_cast<int64_t>(sample(i)));
    QVERIFY(places == wanted);
  }

  void batchesDependOnNoThread() {
    const auto classes = balance({40, 9});
    const at::Tensor numbers = at::randn({49, 3}, at::kFloat), codes = at::cat({at::zeros({40}), at::ones({9})});
    classes->setNeighbours(1, KeyedPermutation(9, KeyedRandom(0)), nearestRows(numbers.slice(0, 40), 3));
    const std::vector<Packet> columns{numbers, codes.to(at::kLong)};
    const RowSet rows = RowSet::range(0, 49);
    const auto batches = [&](int threads, int64_t first) {
      Loader loader(columns, rows, draw(classes),
                    {.batch_size = 7, .first_batch = first, .threads = threads, .mixed = {0}});
      std::vector<LoadedBatch> out;
      while (auto batch = loader.next()) out.push_back(std::move(*batch));
      return out;
    };
    const at::Tensor before = numbers.clone();
    const auto usual = batches(0, 0);
    QVERIFY(at::equal(numbers, before));
    QCOMPARE(usual.size(), size_t{12});  // 80 rows
    for (const int threads : {1, 3})
      for (const int64_t first : {0, 5}) {  // as after a resume
        const auto others = batches(threads, first);
        for (size_t i = 0; i < others.size(); ++i) {
          const LoadedBatch &a = usual[i + static_cast<size_t>(first)], &b = others[i];
          QVERIFY(at::equal(a.row_ids, b.row_ids));
          for (size_t c = 0; c < 2; ++c) QVERIFY(at::equal(a.packets[c].tensor(), b.packets[c].tensor()));
        }
      }
    const Draw drawn = draw(classes);
    int moved = 0;
    for (size_t b = 0; b < usual.size(); ++b)
      for (int64_t i = 0; i < usual[b].row_ids.size(0); ++i) {
        const Drawn one = drawn(static_cast<int64_t>(b) * 7 + i);
        const at::Tensor got = usual[b].packets[0].tensor()[i];
        if (one.toward < 0) {
          QVERIFY(at::equal(got, numbers[one.place]));
          QCOMPARE(usual[b].row_ids[i].item<int64_t>(), one.place);
          continue;
        }
        ++moved;
        QVERIFY(at::allclose(got, numbers[one.place] + (numbers[one.toward] - numbers[one.place]) * one.way));
        QCOMPARE(usual[b].row_ids[i].item<int64_t>(), 48 + one.extra);
        QCOMPARE(usual[b].packets[1].tensor()[i].item<int64_t>(), int64_t{1});
      }
    QCOMPARE(moved, 31);
  }
};

QTEST_GUILESS_MAIN(TestDraw)
#include "draw.moc"
