#include "common/tokens/key_ring.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class KeyRingFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "tandem-keys-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path() const { return (folder_ / "keys").string(); }

  void Write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(Path()) << text;
    ASSERT_EQ(::chmod(Path().c_str(), mode), 0);
  }

  size_t FileCount() const {
    size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_)) ++count;
    return count;
  }

  std::filesystem::path folder_;
};

std::string KeyLine(const std::string& id, char digit) { return absl::StrCat(id, " ", std::string(64, digit), "\n"); }

TEST(KeyRing, VerifiesWhatItSigned) {
  const KeyRing keys = KeyRing::ForTests();
  for (const std::string& payload :
       {std::string(), std::string("text"), std::string("\0\xff\n", 3), std::string(100000, 'x')}) {
    const auto verified = keys.Verify("purpose", "context", keys.Sign("purpose", "context", payload));
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(*verified, payload);
  }
}

TEST(KeyRing, TokensAreUrlSafeAndDeterministic) {
  const KeyRing keys = KeyRing::ForTests();
  const std::string token = keys.Sign("p", "c", std::string("\xff\xfe\xfd\x00\x01", 5));
  EXPECT_EQ(token, keys.Sign("p", "c", std::string("\xff\xfe\xfd\x00\x01", 5)));
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST(KeyRing, RefusesAnotherPurposeOrContext) {
  const KeyRing keys = KeyRing::ForTests();
  const std::string token = keys.Sign("page", "a", "payload");
  EXPECT_FALSE(keys.Verify("consistency", "a", token).ok());
  EXPECT_FALSE(keys.Verify("page", "b", token).ok());
  EXPECT_FALSE(keys.Verify("page", "", token).ok());
  // The border between purpose and context counts.
  EXPECT_FALSE(keys.Verify("pag", "ea", token).ok());
  EXPECT_FALSE(keys.Verify("pagea", "", token).ok());
}

TEST(KeyRing, EveryRefusalReadsTheSame) {
  const KeyRing keys = KeyRing::ForTests();
  const absl::Status status = keys.Verify("p", "c", "").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(keys.Verify("p", "c", "!").status(), status);
  EXPECT_EQ(keys.Verify("p", "d", keys.Sign("p", "c", "x")).status(), status);
  EXPECT_EQ(keys.Verify("p", "c", absl::WebSafeBase64Escape("\x01\x7fxx")).status(), status);
}

TEST(KeyRing, EveryFlippedBitOfATokenIsRefused) {
  const KeyRing keys = KeyRing::ForTests();
  const std::string token = keys.Sign("p", "c", "some payload");
  for (size_t i = 0; i < token.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = token;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(keys.Verify("p", "c", flipped).ok()) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(KeyRing, EveryCutOrLengthenedTokenIsRefused) {
  const KeyRing keys = KeyRing::ForTests();
  const std::string token = keys.Sign("p", "c", "some payload");
  for (size_t size = 0; size < token.size(); ++size)
    EXPECT_FALSE(keys.Verify("p", "c", token.substr(0, size)).ok()) << size;
  for (const char* more : {"A", "AAAA", "=", "==", " ", "\n"})
    EXPECT_FALSE(keys.Verify("p", "c", token + more).ok()) << more;
  EXPECT_FALSE(keys.Verify("p", "c", " " + token).ok());
}

TEST(KeyRing, RandomTokensAreRefused) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const KeyRing keys = KeyRing::ForTests();
  const std::string token = keys.Sign("p", "c", "some payload");
  for (int round = 0; round < 20000; ++round) {
    std::string bytes;
    if (round % 2 == 0) {  // noise, half of it behind a plausible head
      if (round % 4 == 0) bytes = std::string("\x01\x04test", 6);
      for (size_t size = random() % 64; size > 0; --size) bytes.push_back(static_cast<char>(random()));
      bytes = absl::WebSafeBase64Escape(bytes);
    } else {  // a true token, damaged
      bytes = token;
      for (size_t edits = 1 + random() % 3; edits > 0; --edits) {
        const size_t at = random() % bytes.size();
        if (random() % 3 == 0) {
          bytes.erase(at, 1);
        } else {
          bytes[at] = static_cast<char>(random());
        }
      }
      if (bytes == token) continue;
    }
    ASSERT_FALSE(keys.Verify("p", "c", bytes).ok()) << absl::CHexEscape(bytes);
  }
}

TEST_F(KeyRingFileTest, MakesAPrivateFileOnceAndReadsItAfterwards) {
  const mode_t before = ::umask(0);
  const auto first = KeyRing::LoadOrCreate(Path());
  ::umask(before);
  ASSERT_TRUE(first.ok()) << first.status();
  struct stat info;
  ASSERT_EQ(::stat(Path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  EXPECT_EQ(FileCount(), 1u) << "no draft is left behind";

  const auto second = KeyRing::LoadOrCreate(Path());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->Verify("p", "c", first->Sign("p", "c", "x")).ok());
}

TEST_F(KeyRingFileTest, TwoFreshFilesHaveDifferentKeys) {
  const auto first = KeyRing::LoadOrCreate(Path());
  const auto second = KeyRing::LoadOrCreate(Path() + "2");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_FALSE(second->Verify("p", "c", first->Sign("p", "c", "x")).ok());
}

TEST_F(KeyRingFileTest, ProcessesThatRaceToMakeTheFileAgreeOnItsKeys) {
  constexpr int kProcesses = 8;
  int out[2];
  ASSERT_EQ(::pipe(out), 0);
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto keys = KeyRing::LoadOrCreate(Path());
      const std::string token = keys.ok() ? keys->Sign("p", "c", "x") + "\n" : "failed\n";
      ::_exit(::write(out[1], token.data(), token.size()) == static_cast<ssize_t>(token.size()) ? 0 : 1);
    }
  }
  ::close(out[1]);
  std::string all;
  char buffer[256];
  for (ssize_t got = 0; (got = ::read(out[0], buffer, sizeof(buffer))) > 0;)
    all.append(buffer, static_cast<size_t>(got));
  ::close(out[0]);
  for (int i = 0; i < kProcesses; ++i) ::wait(nullptr);
  const std::string token = all.substr(0, all.find('\n') + 1);
  std::string expected;
  for (int i = 0; i < kProcesses; ++i) expected += token;
  EXPECT_EQ(all, expected);
  EXPECT_THAT(all, Not(HasSubstr("failed")));
  EXPECT_EQ(FileCount(), 1u);
}

TEST_F(KeyRingFileTest, RotationSignsWithTheFirstKeyAndVerifiesAll) {
  Write("# old only\n\n" + KeyLine("old", 'a'));
  const auto before = KeyRing::LoadOrCreate(Path());
  ASSERT_TRUE(before.ok()) << before.status();
  const std::string old_token = before->Sign("p", "c", "x");

  Write(KeyLine("new", 'b') + "  " + KeyLine("old", 'A'));
  const auto during = KeyRing::LoadOrCreate(Path());
  ASSERT_TRUE(during.ok()) << during.status();
  EXPECT_TRUE(during->Verify("p", "c", old_token).ok());
  const std::string new_token = during->Sign("p", "c", "x");
  EXPECT_FALSE(before->Verify("p", "c", new_token).ok()) << "the new key signs";

  Write(KeyLine("new", 'b'));
  const auto after = KeyRing::LoadOrCreate(Path());
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_TRUE(after->Verify("p", "c", new_token).ok());
  EXPECT_FALSE(after->Verify("p", "c", old_token).ok());
}

TEST_F(KeyRingFileTest, RefusesAFileThatOthersMayOpen) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644, 0666, 0601}) {
    Write(KeyLine("k", 'a'), mode);
    const auto keys = KeyRing::LoadOrCreate(Path());
    EXPECT_EQ(keys.status().code(), absl::StatusCode::kFailedPrecondition) << mode;
    EXPECT_THAT(std::string(keys.status().message()), HasSubstr("chmod 600"));
  }
  Write(KeyLine("k", 'a'), 0400);
  EXPECT_TRUE(KeyRing::LoadOrCreate(Path()).ok());
}

TEST_F(KeyRingFileTest, RefusesMalformedFilesWithoutShowingSecrets) {
  const std::string secret(63, 'c');
  for (const std::string& text :
       {std::string(), std::string("# nothing\n"), "k " + secret + "\n", "k " + secret + "cc\n", "k " + secret + "g\n",
        secret + "c\n", "k: " + secret + "c\n", "k " + secret + "c more\n", KeyLine("k", 'a') + KeyLine("k", 'b'),
        KeyLine(std::string(33, 'k'), 'a'), std::string(100000, '#'), std::string("k \0", 3) + secret}) {
    Write(text);
    const auto keys = KeyRing::LoadOrCreate(Path());
    EXPECT_EQ(keys.status().code(), absl::StatusCode::kFailedPrecondition) << text.substr(0, 100);
    EXPECT_THAT(std::string(keys.status().message()), Not(HasSubstr("cccc")));
  }
}

TEST_F(KeyRingFileTest, RefusesWhatIsNoFileAndAMissingFolder) {
  EXPECT_EQ(KeyRing::LoadOrCreate(folder_.string()).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(KeyRing::LoadOrCreate((folder_ / "none" / "keys").string()).ok());
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(KeyRing::LoadOrCreate((folder_ / "pipe").string()).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace tandem
