# The window in other languages: resources/translations/blockyard_*.ts, compiled into the program. Without lrelease
# (Debian: qt6-l10n-tools) the window speaks English. `ninja translations` brings the .ts files up to date with the
# sources; what is new in them is "unfinished" until somebody translates it (with Qt Linguist, or an editor).
set(BLOCKYARD_LINGUIST_PLACES /usr/lib/qt6/bin /usr/lib/qt6/libexec)
find_program(BLOCKYARD_LRELEASE NAMES lrelease lrelease-qt6 lrelease6 HINTS ${BLOCKYARD_LINGUIST_PLACES})
find_program(BLOCKYARD_LUPDATE NAMES lupdate lupdate-qt6 lupdate6 HINTS ${BLOCKYARD_LINGUIST_PLACES})
file(GLOB BLOCKYARD_TS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/resources/translations/*.ts)
# Includes have to be found, or lupdate does not know the namespace of a class, and its texts are never looked up.
set(BLOCKYARD_LUPDATE_ARGUMENTS -silent -no-obsolete -locations none -source-language en
    -I ${PROJECT_SOURCE_DIR} -I ${PROJECT_SOURCE_DIR}/engine -I ${PROJECT_SOURCE_DIR}/app/window
    ${PROJECT_SOURCE_DIR}/widgets ${PROJECT_SOURCE_DIR}/app/window)

# Puts every language into the program as :/translations/blockyard_de.qm.
function(blockyard_translations target)
  if(NOT BLOCKYARD_LRELEASE)
    message(STATUS "No lrelease (qt6-l10n-tools): the window speaks English only")
    return()
  endif()
  set(compiled "")
  foreach(ts IN LISTS BLOCKYARD_TS)
    get_filename_component(name ${ts} NAME_WE)
    set(qm ${CMAKE_CURRENT_BINARY_DIR}/translations/${name}.qm)
    add_custom_command(OUTPUT ${qm} COMMAND ${BLOCKYARD_LRELEASE} -silent ${ts} -qm ${qm} DEPENDS ${ts} VERBATIM)
    list(APPEND compiled ${qm})
  endforeach()
  qt_add_resources(${target} translations PREFIX / BASE ${CMAKE_CURRENT_BINARY_DIR} FILES ${compiled})
endfunction()

# The sources are in English, so its file holds nothing but the texts that have a singular of their own.
if(BLOCKYARD_LUPDATE)
  set(english ${PROJECT_SOURCE_DIR}/resources/translations/blockyard_en.ts)
  set(others ${BLOCKYARD_TS})
  list(REMOVE_ITEM others ${english})
  add_custom_target(translations
    COMMAND ${BLOCKYARD_LUPDATE} ${BLOCKYARD_LUPDATE_ARGUMENTS} -ts ${others}
    COMMAND ${BLOCKYARD_LUPDATE} ${BLOCKYARD_LUPDATE_ARGUMENTS} -pluralonly -ts ${english} VERBATIM)
endif()
