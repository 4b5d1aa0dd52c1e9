if(TARGET blockyard_s3_plugin)
  blockyard_test(storage/s3 LINK blockyard_data SLOW)
  add_dependencies(test_storage_s3 blockyard)
endif()
