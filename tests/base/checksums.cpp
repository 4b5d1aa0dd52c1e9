// SHA-256 and CRC-32C against published values, in one piece and in many.
#include <QTest>

#include "base/crc32c.hpp"
#include "base/sha256.hpp"
#include "checks.hpp"

namespace blockyard {

class ChecksumsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void sha256();
  void crc();
  void crcOfEverySize();
};

void ChecksumsTest::sha256() {  // FIPS 180-4 examples
  COMPARE_TEXT(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  COMPARE_TEXT(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string million(1000000, 'a');
  COMPARE_TEXT(sha256Hex(million), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  Sha256 hash;
  hash.update("a");
  COMPARE_TEXT(hash.hex(), sha256Hex("a"));
  hash.update("bc");
  COMPARE_TEXT(hash.hex(), sha256Hex("abc"));
}

void ChecksumsTest::crc() {  // check value, then RFC 3720 B.4
  QCOMPARE(crc32c("123456789"), 0xE3069283u);
  QCOMPARE(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  QCOMPARE(crc32c(std::string(32, '\xff')), 0x62A8AB43u);
  QCOMPARE(crc32c(""), 0u);
  QCOMPARE(maskedCrc(0), 0xa282ead8u);
}

void ChecksumsTest::crcOfEverySize() {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(i * 37 + 11);
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const std::string_view part = std::string_view(bytes).substr(bytes.size() - size);  // every alignment as well
    QCOMPARE(crc32c(part), crc32cByTable(part));
    for (const size_t cut : {size / 3, size / 2})
      QCOMPARE(crc32c(part.substr(cut), crc32c(part.substr(0, cut))), crc32c(part));
  }
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::ChecksumsTest)
#include "checksums.moc"
