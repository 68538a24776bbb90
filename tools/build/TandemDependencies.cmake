# Everything below comes from Debian 12's packages; nothing is downloaded or vendored.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf REQUIRED)
find_package(absl REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(GRPCPP REQUIRED IMPORTED_TARGET grpc++)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(CLP REQUIRED IMPORTED_TARGET clp)
# By full name: other packages bring a liblemon of their own, SQLite's parser generator among them.
find_library(TANDEM_LEMON liblemon.so REQUIRED)
find_library(TANDEM_CADICAL cadical REQUIRED)
find_library(TANDEM_GRPCPP_REFLECTION grpc++_reflection REQUIRED)
find_program(TANDEM_PROTOC protoc REQUIRED)
find_program(TANDEM_GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
if(TANDEM_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()

# google/rpc/{status,error_details,code}.proto, from golang-github-grpc-ecosystem-grpc-gateway-dev.
find_path(TANDEM_GOOGLEAPIS google/rpc/error_details.proto
  PATHS /usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis REQUIRED)
