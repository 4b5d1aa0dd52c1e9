// Devices: what they are called, what happens without a GPU, and the examination behind "blockyard doctor".
#include "training/devices.hpp"

#include <ATen/ATen.h>

#include <QTest>
#include <fstream>

#include "checks.hpp"
#include "cuda/load_cuda.hpp"

namespace blockyard {

class DevicesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void names();
  void withoutGpu();
  void nothingOfCudaIsLoaded();
  void theCpuPasses();
  void driverThatIsNotThere();
  void driverOfATest();
};

void DevicesTest::names() {
  QVERIFY(deviceNamed("cpu") == at::Device(at::kCPU));
  for (const char* wrong : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda:99999999999999999999", "CPU"}) {
    const auto error = errorOf([&] { deviceNamed(wrong); });
    QVERIFY2(error && error->fault() == Fault::BadInput, wrong);
    VERIFY_CONTAINS(error->what(), "training.device: expected auto, cpu, cuda or cuda:N, got");
  }
  const auto error = errorOf([] { deviceNamed("cuda:1000"); });
  QVERIFY(error);
  QCOMPARE(static_cast<int>(error->fault()), 4);
}

void DevicesTest::withoutGpu() {
  if (loadCuda().usable()) QSKIP("there is a GPU");
  QVERIFY(deviceNamed("auto") == at::Device(at::kCPU));
  const auto error = errorOf([] { deviceNamed("cuda"); });
  QVERIFY(error);
  QCOMPARE(static_cast<int>(error->fault()), 4);
  VERIFY_CONTAINS(error->what(), "expected a GPU for \"cuda\", but ");
  QVERIFY(!error->hint().empty());
}

void DevicesTest::nothingOfCudaIsLoaded() {
  if (loadCuda().usable()) QSKIP("there is a GPU");
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    QVERIFY2(line.find("libtorch_cuda") == std::string::npos, line.c_str());
    QVERIFY2(line.find("libblockyard-cuda") == std::string::npos, line.c_str());
  }
  QVERIFY(!folderOfLoaded("libtorch_cpu.so").empty());
  COMPARE_TEXT(folderOfLoaded("libtorch_cuda.so"), "");
}

void DevicesTest::theCpuPasses() {
  const auto reports = examineDevices();
  QVERIFY(reports.size() >= 2);
  const DeviceReport& cpu = reports.front();
  COMPARE_TEXT(cpu.id, "cpu");
  QVERIFY(cpu.ok() && !cpu.missing && !cpu.name.empty() && cpu.memory > (int64_t{1} << 28));
  QVERIFY(cpu.checks.size() >= 3 && cpu.facts.size() >= 4);
  for (const auto& check : cpu.checks) {
    const std::string said = check.name + ": " + check.problem + " " + std::to_string(check.deviation);
    QVERIFY2(check.ok() && check.milliseconds > 0, said.c_str());
    qInfo("%s: deviation %.2g, %.3f ms", check.name.c_str(), check.deviation, check.milliseconds);
  }
  const DeviceReport& gpu = reports.back();
  if (loadCuda().usable()) {
    for (const auto& check : gpu.checks) QVERIFY2(check.ok(), (check.name + ": " + check.problem).c_str());
  } else {
    COMPARE_TEXT(gpu.id, "cuda");
    QVERIFY(!gpu.ok() && !gpu.problem.empty());
    QCOMPARE(gpu.missing, gpuLeftUnused().empty());
  }
}

void DevicesTest::driverThatIsNotThere() {
  VERIFY_CONTAINS(askDriver({"/nowhere/nvidiactl"}).problem, "no NVIDIA driver runs");
  const GpuDriver driver = askDriver({"/proc/self"}, "libno-such-driver.so.1");
  VERIFY_CONTAINS(driver.problem, "its library libno-such-driver.so.1 is not there");
  QVERIFY(driver.gpus.empty());
}

// A library with the driver's calls that says what the variables tell it to.
void DevicesTest::driverOfATest() {
  const std::string library = BLOCKYARD_FAKE_DRIVER;
  qputenv("FAKE_GPUS", "2");
  const GpuDriver two = askDriver({"/proc/self"}, library);
  COMPARE_TEXT(two.problem, "");
  QCOMPARE(two.gpus.size(), 2U);
  QCOMPARE(two.version, 13000);
  COMPARE_TEXT(two.gpus[1].name, "Fake GPU 1");
  QCOMPARE(two.gpus[1].memory, int64_t{8} << 30);
  QCOMPARE(two.gpus[1].major, 9);
  QCOMPARE(two.gpus[1].minor, 0);
  qputenv("FAKE_GPUS", "0");
  VERIFY_CONTAINS(askDriver({"/proc/self"}, library).problem, "shows no GPU");
  qputenv("FAKE_GPUS", "broken");
  VERIFY_CONTAINS(askDriver({"/proc/self"}, library).problem, "does not start (its error 999)");
  COMPARE_TEXT(cudaVersionText(12040), "12.4");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::DevicesTest)
#include "devices.moc"
