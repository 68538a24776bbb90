#include "common/storage/postgres/parameters.h"

#include <string>

#include "gtest/gtest.h"

namespace tandem::postgres {
namespace {

using namespace std::string_literals;

TEST(Parameters, AnEmptyArrayHasNoDimension) {
  Array array = Array::OfBytes();
  EXPECT_EQ(array.Take(), "\0\0\0\0\0\0\0\0\0\0\0\x11"s);
}

TEST(Parameters, AnArrayHasLengthsNullsAndAnyByte) {
  Array array = Array::OfBytes();
  array.Add(absl::string_view("a\0"s));
  array.AddNull();
  EXPECT_EQ(array.size(), 2);
  EXPECT_EQ(array.Take(),
            "\0\0\0\x01\0\0\0\x01\0\0\0\x11\0\0\0\x02\0\0\0\x01"s
            "\0\0\0\x02"
            "a\0\xff\xff\xff\xff"s);
  EXPECT_EQ(array.size(), 0) << "and can be filled again";
}

TEST(Parameters, NumbersAreBigEndian) {
  EXPECT_EQ(Parameters().Int(-2).Int(0x0102030405060708).values(),
            (std::vector<std::string>{"\xff\xff\xff\xff\xff\xff\xff\xfe"s, "\x01\x02\x03\x04\x05\x06\x07\x08"s}));
  Array array = Array::OfInts();
  array.Add(int64_t{1});
  EXPECT_EQ(array.Take(), "\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0\x01\0\0\0\x01\0\0\0\x08\0\0\0\0\0\0\0\x01"s);
}

}  // namespace
}  // namespace tandem::postgres
