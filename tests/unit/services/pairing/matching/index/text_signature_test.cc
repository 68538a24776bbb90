#include "services/pairing/matching/index/text_signature.h"

#include <memory>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/row_codec.h"
#include "services/pairing/matching/index/text_query.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(TextSignature, NoTextGetsMoreThanItsSignatureSays) {
  Random random(1);
  SignatureQuery query;
  TextQuery exact;
  for (int round = 0; round < 300; ++round) {
    TextWeights form;
    for (uint32_t term = random.Below(20); form.size() < random.Below(300); term += 1 + random.Below(40)) {
      form.push_back({term, static_cast<int16_t>(static_cast<int>(random.Below(65536)) - 32768)});
    }
    query.Prepare(form);
    exact.Prepare(form);
    for (int i = 0; i < 30; ++i) {
      TextWeights text;
      for (uint32_t term = random.Below(20); text.size() < random.Below(60); term += 1 + random.Below(400)) {
        text.push_back({term, static_cast<int16_t>(random.Below(256))});
      }
      ASSERT_GE(query.Most(SignatureOf(text)), exact.Points(EncodeText(text))) << round;
    }
  }
}

TEST(TextSignature, TellsTextsApartThatShareNoBit) {
  SignatureQuery query;
  query.Prepare({{7, 1000}});
  EXPECT_EQ(query.Most(SignatureOf({})), 0);
  EXPECT_EQ(query.Most(SignatureOf({{7, 255}})), 255 * 1000 / 256);
  uint32_t other = 8;
  while (TextSignature::Bit(other) == TextSignature::Bit(7)) ++other;
  EXPECT_EQ(query.Most(SignatureOf({{other, 255}})), 0);
}

TEST(TextSignature, ExtremesDoNotOverflow) {
  TextWeights form, text;
  for (uint32_t term = 0; term < 2000; ++term) {
    form.push_back({term, INT16_MAX});
    text.push_back({term, 255});
  }
  SignatureQuery query;
  query.Prepare(form);
  EXPECT_EQ(query.Most(SignatureOf(text)), int64_t{2000} * INT16_MAX * 255 / 256);
}

TEST(SignatureStore, VersionsStayApart) {
  VersionedPool pool;
  SignatureStore store;
  store.Set(pool, 3, SignatureOf({{1, 10}}));
  const SignatureStore before = store;
  const uint32_t sealed = pool.Seal();
  store.Set(pool, 3, SignatureOf({{1, 20}}));
  store.Set(pool, 5000, SignatureOf({{1, 30}}));
  EXPECT_EQ(before.Get(3).most, 10);
  EXPECT_EQ(before.Get(5000).most, 0);
  EXPECT_EQ(store.Get(3).most, 20);
  EXPECT_EQ(store.Get(4).most, 0);
  EXPECT_EQ(store.Get(5000).most, 30);
  pool.Drop(sealed);
}

}  // namespace
}  // namespace tandem::pairing::matching
