# Third-party libraries, all from Debian 12 (tools/install-deps installs them).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Catch2 2.13 REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(GIF REQUIRED)
pkg_check_modules(webp REQUIRED IMPORTED_TARGET libwebp libwebpdemux libwebpmux)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(gmime REQUIRED gmime-3.0)

# The server's memory allocator: a tenth less CPU than libc's for many small messages, and what a
# rush needed goes back to the system. The sanitizers bring their own.
find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)

# libmysqlcppconn-dev conflicts with Boost 1.81's headers in apt, so tools/install-deps unpacks its
# headers into a prefix; the library itself is the installed runtime package.
set(PARLEY_MYSQLCPPCONN "${CMAKE_SOURCE_DIR}/build/deps/mysqlcppconn" CACHE PATH "Prefix with MySQL Connector/C++ 1.1 headers")
find_path(MYSQLCPPCONN_INCLUDE cppconn/driver.h PATHS ${PARLEY_MYSQLCPPCONN}/usr/include REQUIRED)
find_library(MYSQLCPPCONN_LIBRARY NAMES libmysqlcppconn.so.7 mysqlcppconn REQUIRED)

add_library(parley_third_party INTERFACE)
target_link_libraries(parley_third_party INTERFACE
  Boost::json Boost::url OpenSSL::SSL OpenSSL::Crypto SQLite::SQLite3 CURL::libcurl fmt::fmt spdlog::spdlog
  PkgConfig::sodium PkgConfig::icu JPEG::JPEG PNG::PNG GIF::GIF PkgConfig::webp Threads::Threads ${MYSQLCPPCONN_LIBRARY})
target_include_directories(parley_third_party SYSTEM INTERFACE ${MYSQLCPPCONN_INCLUDE})
target_compile_definitions(parley_third_party INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE SPDLOG_FMT_EXTERNAL)
