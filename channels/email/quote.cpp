#include "channels/email/quote.hpp"
#include "channels/email/html_text.hpp"
#include "channels/email/quote_marks.hpp"
#include "crm/base/text.hpp"

#include <algorithm>

namespace channels::email {

namespace {

constexpr std::size_t most_lines = 20'000;

enum class line_kind
{
    said,
    blank,
    attribution,
    quoted,
    signature
};

struct marks
{
    std::size_t attribution = 0; // lines that are one, from here
    std::size_t head = 0;
    bool ends_here = false; // the mail program says that an earlier mail begins
};

// Decides for each line of a text what it is.
class splitter
{
public:
    splitter(std::vector<std::string_view> lines, std::vector<marks> given)
        : lines_{std::move(lines)}, marks_{std::move(given)}, kinds_(lines_.size(), line_kind::said)
    {
        marks_.resize(lines_.size());
    }

    const std::vector<line_kind>& split()
    {
        classify();
        hide_heads();
        hide_only_quote();
        hide_tail();
        if (!says_anything())
            show_everything();
        return kinds_;
    }

private:
    void classify()
    {
        for (std::size_t at = 0; at < lines_.size(); ++at) {
            if (crm::trim(lines_[at]).empty())
                kinds_[at] = line_kind::blank;
            else if (is_quoted_line(lines_[at]))
                kinds_[at] = line_kind::quoted;
        }
        join_broken_quotes();
        for (std::size_t at = 0; at < lines_.size(); ++at) {
            if (kinds_[at] != line_kind::said)
                continue;
            auto& mark = marks_[at];
            mark.attribution = std::max(mark.attribution, attribution_length(lines_, at));
            if (mark.attribution == 0)
                mark.head = head_length(lines_, at);
            for (std::size_t next = at; next < at + mark.attribution; ++next)
                kinds_[next] = line_kind::attribution;
            at += mark.attribution > 0 ? mark.attribution - 1 : 0;
        }
    }

    // A quoted line that was too long and broke leaves its end without a mark between two quoted
    // lines.
    void join_broken_quotes()
    {
        constexpr std::size_t long_line = 60;
        for (std::size_t at = 1; at + 1 < lines_.size(); ++at) {
            if (kinds_[at] == line_kind::said && kinds_[at - 1] == line_kind::quoted &&
                kinds_[at + 1] == line_kind::quoted && lines_[at - 1].size() >= long_line)
                kinds_[at] = line_kind::quoted;
        }
    }

    [[nodiscard]] bool says_before(std::size_t end) const
    {
        const auto last = kinds_.begin() + static_cast<std::ptrdiff_t>(end);
        return std::find(kinds_.begin(), last, line_kind::said) != last;
    }

    [[nodiscard]] std::size_t next_not_blank(std::size_t at) const
    {
        while (at < kinds_.size() && kinds_[at] == line_kind::blank)
            ++at;
        return at;
    }

    void mark_rest(std::size_t from, line_kind as)
    {
        for (std::size_t at = from; at < kinds_.size(); ++at)
            kinds_[at] = as;
    }

    // The head of an earlier mail, or an attribution whose mail is not marked line by line, hides
    // all that follows it, unless nothing stands before it: then the mail is a forwarded one, or an
    // answer below, and only the head is hidden.
    void hide_heads()
    {
        for (std::size_t at = 0; at < lines_.size(); ++at) {
            const auto& mark = marks_[at];
            if (ends_with_device_line(at)) {
                mark_rest(at, line_kind::quoted);
                kinds_[at] = line_kind::signature;
                return;
            }
            const bool unquoted_mail =
                mark.attribution > 0 && opens_unquoted_mail(at + mark.attribution);
            if (!mark.ends_here && mark.head == 0 && !unquoted_mail)
                continue;
            if (says_before(at)) {
                for (std::size_t next = at; next < at + std::max(mark.head, mark.attribution);
                     ++next)
                    kinds_[next] = line_kind::attribution;
                mark_rest(at + std::max(mark.head, mark.attribution), line_kind::quoted);
                return;
            }
            for (std::size_t next = at; next < at + mark.head; ++next)
                kinds_[next] = line_kind::attribution;
            at += mark.head > 0 ? mark.head - 1 : 0;
        }
    }

    // What a telephone writes below the words stands alone; below it there is only the earlier
    // mail.
    [[nodiscard]] bool ends_with_device_line(std::size_t at) const
    {
        return at > 0 && at + 1 < kinds_.size() && kinds_[at] == line_kind::said &&
               kinds_[at - 1] == line_kind::blank && kinds_[at + 1] == line_kind::blank &&
               is_device_line(lines_[at]) && says_before(at);
    }

    [[nodiscard]] bool opens_unquoted_mail(std::size_t after) const
    {
        const auto next = next_not_blank(after);
        return next < kinds_.size() && kinds_[next] == line_kind::said;
    }

    // One quote, at the top of the text or below its attribution and a greeting, with all that is
    // said on it below: it is what is answered, and hidden. When quotes and words alternate they
    // belong together and stay.
    void hide_only_quote()
    {
        const auto begin =
            static_cast<std::size_t>(std::ranges::find(kinds_, line_kind::quoted) - kinds_.begin());
        std::size_t last = kinds_.size();
        while (last > begin && kinds_[last - 1] != line_kind::said)
            --last;
        std::size_t end = begin;
        while (end < last && (kinds_[end] == line_kind::quoted || kinds_[end] == line_kind::blank))
            ++end;
        const auto at = [&](std::size_t line) {
            return kinds_.begin() + static_cast<std::ptrdiff_t>(line);
        };
        if (begin >= last || std::find(at(end), at(last), line_kind::quoted) != at(last))
            return;
        std::size_t above = begin;
        while (above > 0 && kinds_[above - 1] == line_kind::blank)
            --above;
        constexpr std::ptrdiff_t greeting = 2;
        only_quote_hidden_ =
            above == 0 || (kinds_[above - 1] == line_kind::attribution &&
                           std::count(at(0), at(above), line_kind::said) <= greeting);
    }

    // From the end upwards: what is quoted or signature there is hidden, down to the last word
    // said.
    void hide_tail()
    {
        hide_signature();
        std::size_t end = kinds_.size();
        while (end > 0 && kinds_[end - 1] != line_kind::said)
            --end;
        // Quoted lines above the tail stay visible: they are what is answered there.
        for (std::size_t at = 0; at < end && !only_quote_hidden_; ++at) {
            if (kinds_[at] == line_kind::quoted)
                kinds_[at] = line_kind::said;
        }
    }

    // The words above what is hidden already may end in a signature, and so may those above a quote
    // that stands below them. A second mark without a quote between is a rule between paragraphs.
    void hide_signature()
    {
        constexpr int most_rounds = 4;
        std::size_t end = kinds_.size();
        bool may_be_mark = true;
        for (int round = 0; round < most_rounds; ++round) {
            while (end > 0 && kinds_[end - 1] != line_kind::said) {
                --end;
                may_be_mark = may_be_mark || kinds_[end] == line_kind::quoted ||
                              kinds_[end] == line_kind::attribution;
            }
            const auto begin = signature_before(end, may_be_mark);
            for (std::size_t at = begin; at < end; ++at)
                kinds_[at] = line_kind::signature;
            may_be_mark = may_be_mark && (begin == end || !is_signature_mark(lines_[begin]));
            end = begin;
        }
    }

    // Where the signature that ends before `end` begins; `end` when there is none.
    [[nodiscard]] std::size_t signature_before(std::size_t end, bool may_be_mark) const
    {
        constexpr std::size_t longest = 24;
        std::size_t below = 0; // lines of words below the mark
        for (std::size_t at = end; at > 0 && end - at <= longest; --at) {
            if (kinds_[at - 1] == line_kind::quoted || kinds_[at - 1] == line_kind::attribution)
                break;
            if (may_be_mark && is_signature_mark(lines_[at - 1]))
                return at - 1;
            if (below == 0 && kinds_[at - 1] == line_kind::said && is_device_line(lines_[at - 1]))
                return at - 1;
            below += kinds_[at - 1] == line_kind::said ? 1 : 0;
        }
        return end;
    }

    [[nodiscard]] bool says_anything() const
    {
        return std::ranges::find(kinds_, line_kind::said) != kinds_.end();
    }

    // Never a blank message: what is nothing but a quote is shown as it is.
    void show_everything() { mark_rest(0, line_kind::said); }

    std::vector<std::string_view> lines_;
    std::vector<marks> marks_;
    std::vector<line_kind> kinds_;
    bool only_quote_hidden_ = false;
};

piece_kind to_piece(line_kind kind, piece_kind before)
{
    switch (kind) {
    case line_kind::said:
        return piece_kind::said;
    case line_kind::attribution:
        return piece_kind::attribution;
    case line_kind::quoted:
        return piece_kind::quoted;
    case line_kind::signature:
        return piece_kind::signature;
    case line_kind::blank:
        break;
    }
    return before; // an empty line belongs to what stands above it
}

std::string joined(const std::vector<text_piece>& pieces, auto&& wanted)
{
    std::string text;
    for (const auto& one : pieces) {
        if (wanted(one.kind))
            text += one.text;
    }
    // Blank lines around are nobody's; the indent of the first line is kept.
    const auto end = text.find_last_not_of(" \t\r\n");
    if (end == std::string::npos)
        return {};
    text.resize(end + 1);
    const auto first = text.find_first_not_of(" \t\r\n");
    const auto line = text.rfind('\n', first);
    return line == std::string::npos ? text : text.substr(line + 1);
}

// An empty line between something hidden and something said is a gap in what is said.
bool is_above_said(const std::vector<line_kind>& kinds, std::size_t at)
{
    return at + 1 < kinds.size() && kinds[at + 1] == line_kind::said;
}

shown_text
to_pieces(const std::vector<std::string_view>& lines, const std::vector<line_kind>& kinds)
{
    shown_text shown;
    piece_kind now = piece_kind::said;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        const auto kind = at < kinds.size() ? kinds[at] : line_kind::quoted;
        now = kind == line_kind::blank && is_above_said(kinds, at) ? piece_kind::said
                                                                   : to_piece(kind, now);
        if (shown.pieces.empty() || shown.pieces.back().kind != now)
            shown.pieces.push_back({now, {}});
        shown.pieces.back().text += lines[at];
        if (at + 1 < lines.size())
            shown.pieces.back().text += '\n';
    }
    return shown;
}

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    for (;;) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return lines;
        text.remove_prefix(end + 1);
    }
}

} // namespace

std::string shown_text::said() const
{
    return joined(pieces, [](piece_kind kind) { return kind == piece_kind::said; });
}

std::string shown_text::hidden() const
{
    return joined(pieces, [](piece_kind kind) { return kind != piece_kind::said; });
}

std::string shown_text::signature() const
{
    return joined(pieces, [](piece_kind kind) { return kind == piece_kind::signature; });
}

shown_text hide_quote(std::string_view text)
{
    const auto all = lines_of(text);
    auto examined = all;
    examined.resize(std::min(all.size(), most_lines));
    splitter one{std::move(examined), {}};
    return to_pieces(all, one.split());
}

std::optional<mailbox> forwarded_from(std::string_view text)
{
    auto lines = lines_of(text);
    lines.resize(std::min(lines.size(), most_lines));
    for (std::size_t at = 0; at < lines.size(); ++at) {
        const auto length = head_length(lines, at);
        const auto sender = sender_in_head(lines, at, length);
        if (sender.empty())
            continue;
        // Outlook writes "[mailto:ann@example.com]" behind the name.
        std::string value{sender};
        std::ranges::replace(value, '[', '<');
        std::ranges::replace(value, ']', '>');
        const auto found = read_addresses(value, {}, 1);
        if (!found.empty() && is_address(found.front().address))
            return found.front();
        at += length - 1;
    }
    return std::nullopt;
}

shown_html hide_quote_in_html(std::string_view html)
{
    auto lines = html_lines(html);
    std::vector<marks> given;
    for (auto& line : lines) {
        for (int level = 0; level < line.quote_depth; ++level)
            line.text.insert(0, "> ");
        given.push_back(
            {line.mark == html_mark::attribution && line.quote_depth == 0 &&
                     !crm::trim(line.text).empty()
                 ? 1U
                 : 0U,
             0,
             line.mark == html_mark::earlier_mail && line.quote_depth == 0}
        );
    }
    std::vector<std::string_view> texts;
    for (const auto& line : lines)
        texts.emplace_back(line.text);
    auto examined = texts;
    examined.resize(std::min(texts.size(), most_lines));
    given.resize(examined.size());
    splitter one{std::move(examined), std::move(given)};
    const auto& kinds = one.split();
    shown_html shown{to_pieces(texts, kinds), std::nullopt};
    // One place can be named when nothing is said below it.
    std::size_t end = kinds.size();
    while (end > 0 && kinds[end - 1] != line_kind::said)
        --end;
    while (end < kinds.size() &&
           (kinds[end] == line_kind::blank || kinds[end] == line_kind::signature))
        ++end;
    if (end < kinds.size())
        shown.quote_begins = lines[end].offset;
    return shown;
}

} // namespace channels::email
