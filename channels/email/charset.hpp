// Bytes of unknown honesty to UTF-8: mail often names the wrong character set, or none. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace channels::email {

/// What came of turning bytes into UTF-8.
struct decoded
{
    std::string text;         // always well-formed UTF-8
    std::string charset;      // the one used, in ICU's spelling; "us-ascii" where nothing was to do
    std::size_t replaced = 0; // characters that could not be read and stand as U+FFFD
};

/// Turns bytes into UTF-8. `label` is what the sender claims (may be empty or wrong), `hint` a
/// character set to try when the claim does not hold, usually that of the rest of the mail. Labels
/// known to be used for their larger sisters are read as those (gb2312 as gb18030, iso-8859-1 as
/// windows-1252, ks_c_5601-1987 as windows-949, iso-2022-jp with its vendor rows). Where the claim
/// fails, UTF-8, the hint and ICU's detection are tried and the reading with the fewest unreadable
/// characters wins; what remains unreadable is replaced, never dropped. Costs at most four
/// readings.
decoded to_utf8(std::string_view bytes, std::string_view label, std::string_view hint = {});

/// True when every byte is below 0x80.
bool is_ascii(std::string_view bytes);

/// The decoded text of a header's value: RFC 2047 words (also split characters, adjacent words and
/// the common breaches of the grammar), raw 8-bit bytes by `hint`, folding removed. Not yet cleaned
/// of control characters.
std::string decode_words(std::string_view value, std::string_view hint = {});

/// The bytes of base64 text; what is no base64 is skipped.
std::string from_base64(std::string_view text);

} // namespace channels::email
