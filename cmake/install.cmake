# cmake --install: programs, plug-ins, samples and what a desktop needs to know of the window, where freedesktop.org and
# the GNU folders have them. LibTorch and Arrow are not copied: the programs find them where they were built with.
include(GNUInstallDirs)

install(TARGETS blockyard RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Beside the programs, whatever the distribution calls its folder of libraries: that is where these look for them.
install(TARGETS blockyard_arrow_plugin blockyard_onnx_plugin LIBRARY DESTINATION lib/blockyard)
if(TARGET blockyard_s3_plugin)
  install(TARGETS blockyard_s3_plugin LIBRARY DESTINATION lib/blockyard)
endif()
if(BLOCKYARD_CUDA)
  install(TARGETS blockyard_cuda_plugin LIBRARY DESTINATION lib/blockyard)
endif()
install(DIRECTORY projects/ DESTINATION ${CMAKE_INSTALL_DATADIR}/blockyard/projects
        PATTERN runs EXCLUDE PATTERN data EXCLUDE PATTERN ".*" EXCLUDE)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES engine/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.engine)
if(BLOCKYARD_WINDOW)
  install(TARGETS blockyard-window RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  set(desktop packaging/desktop)
  install(FILES ${desktop}/org.blockyard.Blockyard.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES ${desktop}/org.blockyard.Blockyard.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  install(FILES ${desktop}/org.blockyard.Blockyard.mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
  install(FILES ${desktop}/blockyard.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()
