// The cache of prepared rows: whole entries or none, the ones used last survive, nothing of a killed program is taken.
#include "data/tensor_cache.hpp"

#include <ATen/ATen.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QtTest/QtTest>
#include <fstream>

#include "base/error.hpp"
#include "base/safetensors.hpp"
#include "data/gather.hpp"
#include "data/mapped_region.hpp"

using namespace blockyard;

class TestTensorCache : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> folder_;
  std::filesystem::path path() const { return folder_->path().toStdString(); }

  // An entry with 1000 floats, used `age` seconds ago.
  void keep(const TensorCache& cache, const std::string& key, float value, int age = 0) const {
    const auto entry = cache.begin(key, {{at::kFloat, {10, 100}}}, "made of " + key);
    entry->tensors()[0].fill_(value);
    entry->commit();
    const timespec then = {::time(nullptr) - age, 0};
    const timespec times[2] = {then, then};
    QCOMPARE(::utimensat(AT_FDCWD, (path() / (key + ".safetensors")).c_str(), times, 0), 0);
  }
  bool has(const std::string& key) const { return std::filesystem::exists(path() / (key + ".safetensors")); }
  int files() const { return static_cast<int>(QDir(folder_->path()).entryList(QDir::Files).size()); }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void keepsWhatWasCommitted() {
    const TensorCache cache(path());
    QVERIFY(!cache.find("a"));
    const at::Tensor floats = at::rand({7, 3}), bytes = at::randint(255, {7, 2, 2}, at::kByte);
    {
      const auto entry = cache.begin("a", {{at::kByte, {7, 2, 2}}, {at::kFloat, {7, 3}}}, "rows");
      entry->tensors()[0].copy_(bytes);
      entry->tensors()[1].copy_(floats);
      QVERIFY(!cache.find("a"));
      entry->commit();
    }
    const auto found = cache.find("a");
    QVERIFY(found && found->size() == 2);
    QVERIFY(at::equal((*found)[0], bytes) && at::equal((*found)[1], floats));
    // 64 bytes are a line of the cache and what vector instructions like best.
    QCOMPARE(reinterpret_cast<uintptr_t>((*found)[1].const_data_ptr()) % 64, uintptr_t{0});
    QCOMPARE(cache.folder().list().size(), size_t{1});
    QCOMPARE(cache.folder().list()[0].what, std::string("rows"));
    QVERIFY(cache.folder().clear() > 0);
    QVERIFY(at::equal((*found)[1], floats));  // only the name is gone
  }

  void rowsGoThroughTheFile() {
    const at::Tensor rows = at::rand({50, 7});
    const std::vector<int64_t> picks = {49, 0, 17, 17, 3};
    const at::Tensor picked = rows.index_select(0, at::tensor(picks));
    const TensorCache cache(path());
    const auto entry = cache.begin("a", {{at::kByte, {3}}, {at::kFloat, {50, 7}}}, "");
    at::Tensor temporary = rowTensor({50, 7}, at::kFloat, /*memory_budget=*/100);
    at::Tensor memory = rowTensor({50, 7}, at::kFloat, 1 << 20);
    for (const at::Tensor& kept : {entry->tensors()[1], temporary, memory}) {
      QCOMPARE(filePlaceOf(kept.const_data_ptr()).file >= 0, kept.const_data_ptr() != memory.const_data_ptr());
      putRows(rows.narrow(0, 0, 20), 0, kept);
      putRows(rows.narrow(0, 20, 30), 20, kept);
      QVERIFY(at::equal(kept, rows));
      QVERIFY(at::equal(gatherRows(kept, picks), picked));
      QVERIFY(at::equal(sliceRows(kept, 10, 5), rows.narrow(0, 10, 5)));
      putRows(rows.narrow(0, 0, 20).to(at::kDouble), 0, kept);  // converted
      QVERIFY(at::equal(kept, rows));
    }
    entry->tensors()[0].fill_(9);
    entry->commit();
    const auto found = cache.find("a");
    QVERIFY(found && at::equal(gatherRows((*found)[1], picks), picked));
    QVERIFY(at::equal(gatherRows((*found)[0], {2, 0}), at::full({2}, 9, at::kByte)));
    const void* const gone = temporary.const_data_ptr();
    temporary.reset();
    QCOMPARE(filePlaceOf(gone).file, -1);
  }

  void withoutCommitNothingHappens() {
    const TensorCache cache(path());
    cache.begin("a", {{at::kFloat, {100}}}, "")->tensors()[0].fill_(1);
    QVERIFY(!cache.find("a"));
    QCOMPARE(files(), 0);
  }

  void sweepsWhatAKilledProgramLeft() {
    const TensorCache cache(path());
    const pid_t child = ::fork();
    if (child == 0) {
      const auto entry = cache.begin("a", {{at::kFloat, {100}}}, "");
      ::_exit(entry->tensors().size() == 1 ? 0 : 1);  // no destructor runs, as after SIGKILL
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QCOMPARE(files(), 1);
    QVERIFY(!cache.find("a"));
    const auto alive = cache.begin("b", {{at::kFloat, {100}}}, "");
    QCOMPARE(files(), 1);  // the one that is being written
    keep(cache, "c", 1);
    QCOMPARE(files(), 2);  // a writer who lives is left alone
    alive->commit();
    QVERIFY(cache.find("b"));
  }

  void theOnesUsedLastSurvive() {
    const TensorCache cache(path());
    keep(cache, "old", 1, 300);
    keep(cache, "older", 2, 400);
    keep(cache, "new", 3, 10);
    QVERIFY(cache.find("older"));  // used now
    cache.folder().setLimit(9000);
    QVERIFY(has("older") && has("new") && !has("old"));
    keep(cache, "another", 4);
    QCOMPARE(cache.folder().list().size(), size_t{2});
    QVERIFY(has("another") && has("older") && !has("new"));
    QCOMPARE(cache.begin("large", {{at::kFloat, {10000}}}, ""), nullptr);
    QCOMPARE(CacheFolder(path()).limit(), int64_t{9000});
    QCOMPARE(cache.folder().clear(3600), int64_t{0});
    QVERIFY(cache.folder().clear() > 8000);
  }

  void damagedEntriesAreNone() {
    const TensorCache cache(path());
    keep(cache, "a", 1);
    std::filesystem::resize_file(path() / "a.safetensors", 2000);
    QVERIFY(!cache.find("a"));
    keep(cache, "overwritten", 1);
    const std::filesystem::path overwritten = path() / "overwritten.safetensors";
    const int file = ::open(overwritten.c_str(), O_WRONLY);
    QCOMPARE(::pwrite(file, "BBBB", 4, 3000), ssize_t{4});  // of the same size, and in the midst of the numbers
    ::close(file);
    QVERIFY(!cache.find("overwritten"));
    std::filesystem::remove(overwritten);
    std::ofstream(path() / "b.safetensors") << "no tensors at all";
    QVERIFY(!cache.find("b"));
    QCOMPARE(cache.folder().list().size(), size_t{2});
    keep(cache, "a", 2);
    QVERIFY(cache.find("a"));
    std::ofstream(path() / "limit") << "much";
    QVERIFY_THROWS_EXCEPTION(Error, cache.folder().limit());
  }

  void aFolderThatCannotBeSaysSo() {
    std::ofstream(path() / "file") << "";
    const TensorCache cache(path() / "file" / "rows");
    QVERIFY(!cache.find("a") && cache.folder().list().empty());
    QVERIFY_THROWS_EXCEPTION(Error, cache.begin("a", {{at::kFloat, {1}}}, ""));
  }
};

QTEST_APPLESS_MAIN(TestTensorCache)
#include "tensor_cache.moc"
