// Durable files: the old file or the new one, whatever goes wrong.
#include "base/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <QTest>
#include <filesystem>
#include <thread>

#include "checks.hpp"

namespace blockyard {
namespace fs = std::filesystem;

class FileTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void roundTrip();
  void readErrors();
  void failedWriteKeepsTheOldFile();
  void abandonedWriteKeepsTheOldFile();
  void writeErrors();
  void linksAndPermissionsStay();
  void pipesAndDevicesStay();
  void growing();
  void mapped();

 private:
  size_t count(const TestFolder& folder) {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
  }
};

void FileTest::roundTrip() {
  const TestFolder folder;
  const std::string path = folder / "a.bin";
  for (const size_t size : {size_t(0), size_t(1), size_t(4096), size_t(262143), size_t(262144), size_t(1000001)}) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
    writeDurably(path, bytes);
    QVERIFY(readFile(path) == bytes);
    DurableFile file(path);
    for (size_t at = 0, piece = 1; at < size; at += piece, piece = piece * 3 + 1)
      file.write(std::string_view(bytes).substr(at, piece));
    QVERIFY(readFile(path) == bytes);
    file.commit();
    QVERIFY(readFile(path) == bytes);
    QCOMPARE(count(folder), size_t(1));
  }
  QVERIFY(readFile("/proc/self/status").size() > 100);  // a file that claims to have no size
}

void FileTest::readErrors() {
  const TestFolder folder;
  const auto missing = errorOf([&] { readFile(folder / "none"); });
  QVERIFY(missing);
  COMPARE_TEXT(missing->problem(), "cannot read: No such file or directory");
  QVERIFY(missing->fault() == Fault::BadInput);
  VERIFY_CONTAINS(errorText([&] { readFile(folder.path()); }), "cannot read: Is a directory");
  writeDurably(folder / "five", "12345");
  COMPARE_TEXT(readFile(folder / "five", 5), "12345");
  VERIFY_CONTAINS(errorText([&] { readFile(folder / "five", 4); }), "expected at most 4 bytes");
  VERIFY_CONTAINS(errorText([&] { readFile("/dev/zero", 100000); }), "expected at most 100000 bytes");
}

void FileTest::failedWriteKeepsTheOldFile() {
  const TestFolder folder;
  const std::string path = folder / "a";
  writeDurably(path, "old");
  for (const rlim_t limit : {rlim_t(0), rlim_t(1), rlim_t(4096), rlim_t(300000), rlim_t(999999)}) {
    const FileSizeLimit small(limit);
    const auto error = errorOf([&] { writeDurably(path, std::string(1000000, 'x')); });
    QVERIFY(error);
    COMPARE_TEXT(error->where().file, path);
    QVERIFY(error->fault() == Fault::Failed);
    QVERIFY(!error->hint().empty());
    COMPARE_TEXT(readFile(path), "old");
    QCOMPARE(count(folder), size_t(1));
  }
  // What cannot be read is a mistake in the input, whoever opens it.
  for (const char* doing : {"read", "open"})
    QVERIFY(errorOf([&] { throwFileError("p", doing, EACCES); })->fault() == Fault::BadInput);
  QVERIFY(errorOf([&] { throwFileError("p", "write", EACCES); })->fault() == Fault::Failed);
  VERIFY_CONTAINS(errorText([&] { throwFileError("p", "write", ENOSPC); }),
                  "p: cannot write: No space left on device (free");
}

void FileTest::abandonedWriteKeepsTheOldFile() {
  const TestFolder folder;
  writeDurably(folder / "a", "old");
  {
    DurableFile file(folder / "a");
    file.write(std::string(1000000, 'x'));
    QCOMPARE(count(folder), size_t(2));
  }
  COMPARE_TEXT(readFile(folder / "a"), "old");
  QCOMPARE(count(folder), size_t(1));
}

void FileTest::writeErrors() {
  const TestFolder folder;
  const auto missing = errorOf([&] { writeDurably(folder / "no/such/place", "x"); });
  QVERIFY(missing);
  COMPARE_TEXT(missing->where().file, folder / "no/such/place");
  COMPARE_TEXT(missing->problem(), "cannot write: No such file or directory");
  fs::create_directory(folder / "dir");
  QVERIFY(errorOf([&] { writeDurably(folder / "dir", "x"); }));
  fs::permissions(folder.path(), fs::perms(0555));
  const uid_t before = ::geteuid();
  if (before == 0) QCOMPARE(::seteuid(65534), 0);  // root may write everywhere, nobody may not
  const std::string text = errorText([&] { writeDurably(folder / "a", "x"); });
  if (before == 0) QCOMPARE(::seteuid(before), 0);
  fs::permissions(folder.path(), fs::perms::owner_all);
  VERIFY_CONTAINS(text, "cannot write: Permission denied (check the permissions");
}

void FileTest::linksAndPermissionsStay() {
  const TestFolder folder;
  writeDurably(folder / "real", "old");
  ::chmod((folder / "real").c_str(), 0640);
  fs::create_symlink("real", folder / "link");
  writeDurably(folder / "link", "new");
  QVERIFY(fs::is_symlink(folder / "link"));
  COMPARE_TEXT(readFile(folder / "real"), "new");
  struct stat info = {};
  ::stat((folder / "real").c_str(), &info);
  QCOMPARE(info.st_mode & 07777, mode_t(0640));
}

void FileTest::pipesAndDevicesStay() {
  const TestFolder folder;
  const std::string pipe = folder / "pipe";
  QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = readFile(pipe); });
  writeDurably(pipe, std::string(300'000, 'x'));
  reader.join();
  QCOMPARE(got.size(), size_t(300'000));
  QVERIFY(fs::is_fifo(pipe));
  QCOMPARE(count(folder), size_t(1));
  fs::create_symlink("/dev/full", folder / "full");
  VERIFY_CONTAINS(errorText([&] { writeDurably(folder / "full", "x"); }), "No space left on device");
  QVERIFY(fs::is_character_file("/dev/full"));
  QVERIFY(fs::is_symlink(folder / "full"));
}

void FileTest::growing() {
  const TestFolder folder;
  GrowingFile file(folder / "log");
  file.write("one ");
  COMPARE_TEXT(readFile(folder / "log"), "one ");
  file.write("two");
  file.sync();
  COMPARE_TEXT(readFile(folder / "log"), "one two");
  VERIFY_CONTAINS(errorText([&] { GrowingFile(folder / "log"); }), "File exists");
}

void FileTest::mapped() {
  const TestFolder folder;
  writeDurably(folder / "a", "bytes");
  writeDurably(folder / "empty", "");
  COMPARE_TEXT(std::string(MappedFile(folder / "a").bytes()), "bytes");
  QVERIFY(MappedFile(folder / "empty").bytes().empty());
  VERIFY_CONTAINS(errorText([&] { MappedFile(folder / "none"); }), "cannot read: No such file");
  VERIFY_CONTAINS(errorText([&] { MappedFile(folder.path()); }), "cannot read: Is a directory");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::FileTest)
#include "file.moc"
