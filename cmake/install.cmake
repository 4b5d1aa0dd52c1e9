# cmake --install: programs, plug-ins, samples and what a desktop needs to know of the window, where freedesktop.org and
# the GNU folders have them. Components: runtime (commands), window, development (libblockyard). The programs look for
# LibTorch and Arrow in lib/blockyard, so that the installed tree may be moved; place_libraries.cmake puts them there.
include(GNUInstallDirs)
set(CMAKE_INSTALL_DOCDIR ${CMAKE_INSTALL_DATADIR}/doc/blockyard)
include(CMakePackageConfigHelpers)

set_target_properties(blockyard blockyard-run PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/blockyard/torch/lib")
set_target_properties(blockyard_library PROPERTIES INSTALL_RPATH "$ORIGIN/blockyard/torch/lib")
set_target_properties(blockyard_arrow_plugin PROPERTIES INSTALL_RPATH "$ORIGIN/arrow")
configure_file(cmake/place_libraries.cmake.in place_libraries.cmake @ONLY)
install(SCRIPT ${CMAKE_BINARY_DIR}/place_libraries.cmake COMPONENT runtime)
install(SCRIPT ${CMAKE_BINARY_DIR}/place_libraries.cmake COMPONENT development)

install(TARGETS blockyard blockyard-run RUNTIME DESTINATION bin COMPONENT runtime)
# Beside the programs, whatever the distribution calls its folder of libraries: that is where these look for them.
install(TARGETS blockyard_arrow_plugin blockyard_onnx_plugin LIBRARY DESTINATION lib/blockyard COMPONENT runtime)
if(TARGET blockyard_s3_plugin)
  set_target_properties(blockyard_s3_plugin PROPERTIES INSTALL_RPATH "$ORIGIN/arrow")
  install(TARGETS blockyard_s3_plugin LIBRARY DESTINATION lib/blockyard COMPONENT runtime)
endif()
if(BLOCKYARD_CUDA)
  set_target_properties(blockyard_cuda_plugin PROPERTIES INSTALL_RPATH "$ORIGIN/torch/lib")
  install(TARGETS blockyard_cuda_plugin LIBRARY DESTINATION lib/blockyard COMPONENT runtime)
endif()
install(DIRECTORY projects/ DESTINATION ${CMAKE_INSTALL_DATADIR}/blockyard/projects COMPONENT runtime
        PATTERN runs EXCLUDE PATTERN data EXCLUDE PATTERN ".*" EXCLUDE)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(FILES engine/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.engine COMPONENT runtime)

install(FILES packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/blockyard COMPONENT runtime)
install(FILES packaging/systemd/blockyard-serve@.service DESTINATION lib/systemd/system COMPONENT runtime)
install(FILES packaging/slurm/train.sbatch DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT runtime)

install(TARGETS blockyard_library EXPORT blockyard LIBRARY DESTINATION lib COMPONENT development)
install(DIRECTORY engine/api/blockyard DESTINATION include COMPONENT development)
install(DIRECTORY examples/predict DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT development)
install(FILES packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libblockyard-dev COMPONENT development)
set(config lib/cmake/Blockyard)
install(EXPORT blockyard NAMESPACE Blockyard:: FILE BlockyardConfig.cmake DESTINATION ${config} COMPONENT development)
write_basic_package_version_file(BlockyardConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/BlockyardConfigVersion.cmake DESTINATION ${config} COMPONENT development)

if(BLOCKYARD_WINDOW)
  set_target_properties(blockyard-window PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/blockyard/torch/lib")
  install(TARGETS blockyard-window RUNTIME DESTINATION bin COMPONENT window)
  install(FILES packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/blockyard-window COMPONENT window)
  set(desktop packaging/desktop)
  install(FILES ${desktop}/org.blockyard.Blockyard.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT window)
  install(FILES ${desktop}/org.blockyard.Blockyard.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo COMPONENT window)
  install(FILES ${desktop}/org.blockyard.Blockyard.mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages COMPONENT window)
  install(FILES ${desktop}/blockyard.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps COMPONENT window)
endif()
