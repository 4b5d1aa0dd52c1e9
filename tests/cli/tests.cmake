# These call the real command, so it has to be built first.
foreach(name IN ITEMS usage check peek bad_data train runs interrupt)
  blockyard_test(cli/${name} LINK blockyard_base)
  add_dependencies(test_cli_${name} blockyard)
  target_link_libraries(test_cli_${name} PRIVATE ZLIB::ZLIB)
endforeach()
blockyard_test(cli/projects LINK blockyard_base SLOW)
add_dependencies(test_cli_projects blockyard)
