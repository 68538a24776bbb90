#include "common/redis/redis_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

RedisUrl Parsed(absl::string_view text) {
  absl::StatusOr<RedisUrl> url = ParseRedisUrl(text);
  EXPECT_TRUE(url.ok()) << url.status();
  return url.value_or(RedisUrl());
}

TEST(RedisUrlTest, HostAloneTakesTheDefaults) {
  const RedisUrl url = Parsed("redis://cache.example");
  EXPECT_EQ(url.host, "cache.example");
  EXPECT_EQ(url.port, 6379);
  EXPECT_EQ(url.database, 0);
  EXPECT_EQ(url.user + url.password + url.prefix + url.socket, "");
  EXPECT_EQ(url.Where(), "cache.example:6379/0");
}

TEST(RedisUrlTest, TakesEveryPart) {
  const RedisUrl url = Parsed("redis://reader:p%40ss%3A%2F%25@[::1]:7000/3?prefix=zone%3A");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 7000);
  EXPECT_EQ(url.database, 3);
  EXPECT_EQ(url.user, "reader");
  EXPECT_EQ(url.password, "p@ss:/%");
  EXPECT_EQ(url.prefix, "zone:");
  EXPECT_EQ(url.Where(), "[::1]:7000/3");
}

TEST(RedisUrlTest, PasswordNeedsNoUser) {
  const RedisUrl url = Parsed("redis://:secret@10.0.0.1/");
  EXPECT_EQ(url.user, "");
  EXPECT_EQ(url.password, "secret");
}

TEST(RedisUrlTest, TakesAUnixSocket) {
  const RedisUrl url = Parsed("unix://u:pw@/run/redis/a%20b.sock?db=2&prefix=x.");
  EXPECT_EQ(url.socket, "/run/redis/a b.sock");
  EXPECT_EQ(url.host, "");
  EXPECT_EQ(url.user, "u");
  EXPECT_EQ(url.password, "pw");
  EXPECT_EQ(url.database, 2);
  EXPECT_EQ(url.prefix, "x.");
  EXPECT_EQ(url.Where(), "/run/redis/a b.sock/2");
}

TEST(RedisUrlTest, RefusesTlsAndSaysWhatToDo) {
  const absl::Status status = ParseRedisUrl("rediss://:secret@cache.example").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("stunnel"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
}

TEST(RedisUrlTest, WhereShowsNeitherUserNorPassword) {
  EXPECT_EQ(Parsed("redis://someone:secret@cache.example:1/1").Where(), "cache.example:1/1");
}

TEST(RedisUrlTest, RefusesWhatIsBrokenWithoutRepeatingIt) {
  for (const char* text : {"",
                           "secret",
                           "http://secret",
                           "redis://",
                           "redis:///1",
                           "redis://:secret@",
                           "redis://secret@host",
                           "redis://host:secret",
                           "redis://:secret",
                           "redis://host:0",
                           "redis://host:65536",
                           "redis://host:+1",
                           "redis://host:",
                           "redis://host/secret",
                           "redis://host/-1",
                           "redis://host/1/2",
                           "redis://host?secret=1",
                           "redis://host?prefix=%zzsecret",
                           "redis://host?prefix=%a",
                           "redis://:sec%ret@host",
                           "redis://:pass?secret@host",
                           "redis://:pass#secret@host",
                           "redis://a secret@host",
                           "redis://[::1",
                           "redis://[]",
                           "redis://[::1]6379",
                           "redis://[secret]",
                           "redis://ho_st,secret",
                           "unix://host/secret",
                           "unix://",
                           "unix:///",
                           "unix:///a%00secret",
                           "unix:///a?db=secret",
                           "redis://host?db=1"}) {
    const absl::Status status = ParseRedisUrl(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret"))) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("redis://[[user]:password@]host")) << text;
  }
  EXPECT_FALSE(ParseRedisUrl("redis://" + std::string(5000, 'a')).ok());
  EXPECT_FALSE(ParseRedisUrl("unix:///" + std::string(107, 'a')).ok());
}

}  // namespace
}  // namespace tandem
