# Widgets are tested under the offscreen platform: with real events, without a display. The class of such a test ends
# with QTEST_MAIN instead of QTEST_GUILESS_MAIN.
function(blockyard_widget_test name)
  blockyard_test(widgets/${name} LINK blockyard_widgets)
  set_tests_properties(widgets.${name} PROPERTIES ENVIRONMENT "QT_QPA_PLATFORM=offscreen;OMP_NUM_THREADS=1;MKL_NUM_THREADS=1")
endfunction()

blockyard_widget_test(document)
blockyard_widget_test(canvas)
blockyard_widget_test(inspector)
blockyard_widget_test(inspector_pages)
blockyard_widget_test(problems)
blockyard_widget_test(series_data)
blockyard_widget_test(line_chart)
blockyard_widget_test(training_panel)
blockyard_widget_test(runs_table)
blockyard_widget_test(compare)
blockyard_widget_test(window)
target_link_libraries(test_widgets_window PRIVATE blockyard_window)
