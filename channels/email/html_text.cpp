#include "channels/email/html_text.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace channels::email {

namespace {

constexpr int deepest_quote = 20;
constexpr std::size_t most_lines = 200'000;

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

template <std::size_t Count>
bool is_one_of(std::string_view name, const std::array<std::string_view, Count>& these)
{
    return std::ranges::find(these, name) != these.end();
}

constexpr std::array<std::string_view, 24> line_tags{
    "div",     "tr",      "table", "tbody", "li",       "section", "article", "header",
    "footer",  "center",  "dl",    "dt",    "dd",       "form",    "body",    "html",
    "address", "caption", "aside", "main",  "fieldset", "nav",     "option",  "figure"
};
constexpr std::array<std::string_view, 12> paragraph_tags{
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "hr"
};
constexpr std::array<std::string_view, 5> silent_tags{
    "script", "style", "title", "xml", "template"
};

class reader
{
public:
    reader(std::string_view html, bool with_title) : html_{html}, with_title_{with_title} {}

    std::vector<html_line> read()
    {
        while (at_ < html_.size()) {
            const char c = html_[at_];
            if (c == '<' && at_ + 1 < html_.size() && begins_tag(html_[at_ + 1]))
                take_tag();
            else if (c == '&')
                take_reference();
            else
                take_character(c);
        }
        if (has_begun_ && lines_.size() >= most_lines)
            lines_.push_back(std::move(line_));
        else
            end_line();
        return std::move(lines_);
    }

private:
    static bool begins_tag(char c) { return is_letter(c) || c == '/' || c == '!' || c == '?'; }

    void begin_here()
    {
        if (line_.text.empty() && !has_begun_) {
            line_.offset = tag_from_ ? *tag_from_ : at_;
            line_.quote_depth = depth_;
            line_.mark = mark_;
            has_begun_ = true;
        }
    }

    void take_character(char c)
    {
        if (c == '\n' && preformatted_ > 0) {
            begin_here();
            end_line();
        } else if (is_blank(c) && preformatted_ == 0) {
            blank_ = true;
        } else if (c != '\r') {
            append({&c, 1});
        }
        ++at_;
    }

    void append(std::string_view text)
    {
        begin_here();
        if (blank_ && !line_.text.empty() && line_.text.back() != ' ')
            line_.text += ' ';
        blank_ = false;
        line_.text += text;
    }

    void take_reference()
    {
        const auto found = read_reference(html_.substr(at_));
        if (found.length == 0) {
            append("&");
            ++at_;
            return;
        }
        // A no-break space holds words together on paper; in our text it is a blank.
        if (found.text == "\xC2\xA0") {
            begin_here();
            if (blank_ && !line_.text.empty())
                line_.text += ' ';
            blank_ = false;
            line_.text += ' ';
        } else {
            append(found.text);
        }
        at_ += found.length;
    }

    void end_line()
    {
        blank_ = false;
        tag_from_.reset();
        if (!has_begun_)
            return;
        if (lines_.size() >= most_lines) {
            blank_ = true; // the rest becomes one long line
            return;
        }
        while (!line_.text.empty() && line_.text.back() == ' ')
            line_.text.pop_back();
        const auto count = lines_.size();
        const bool gap_is_full = line_.text.empty() && count >= 2 &&
                                 lines_[count - 1].text.empty() && lines_[count - 2].text.empty();
        if (!gap_is_full)
            lines_.push_back(std::move(line_));
        line_ = {};
        has_begun_ = false;
    }

    // Ends the line that is open; asks for `gap` empty lines before the next text.
    void break_line(bool paragraph)
    {
        end_line();
        if (paragraph && !lines_.empty() && lines_.size() < most_lines &&
            !lines_.back().text.empty())
            lines_.push_back({{}, at_, std::min(depth_, lines_.back().quote_depth), html_mark::none}
            );
    }

    void take_tag()
    {
        if (html_.substr(at_).starts_with("<!--")) {
            const auto end = comments_end_ ? html_.find("-->", at_ + 4) : std::string_view::npos;
            comments_end_ = end != std::string_view::npos;
            at_ = comments_end_ ? end + 3 : at_ + 4;
            return;
        }
        const std::size_t from = at_;
        const std::size_t end = end_of_tag();
        auto inside = html_.substr(from + 1, end - from - 1);
        at_ = std::min(end + 1, html_.size());
        const bool closing = inside.starts_with('/');
        if (closing)
            inside.remove_prefix(1);
        std::size_t length = 0;
        while (length < inside.size() && length < 20 &&
               (is_letter(inside[length]) || (inside[length] >= '0' && inside[length] <= '9')))
            ++length;
        const std::string name = crm::ascii_lower(inside.substr(0, length));
        if (closing)
            close(name);
        else
            open(name, inside.substr(length), from);
    }

    // The ">" that ends the tag at at_, quotes respected as long as they close.
    std::size_t end_of_tag()
    {
        if (quotes_close_) {
            char quote = 0;
            for (std::size_t at = at_ + 1; at < html_.size(); ++at) {
                const char c = html_[at];
                if (quote != 0) {
                    if (c == quote)
                        quote = 0;
                } else if ((c == '"' || c == '\'') && html_[at - 1] == '=') {
                    quote = c;
                } else if (c == '>') {
                    return at;
                }
            }
            quotes_close_ = false;
        }
        if (!tags_close_)
            return at_; // no ">" follows any more: the "<" alone is passed over
        const auto end = html_.find('>', at_);
        tags_close_ = end != std::string_view::npos;
        return tags_close_ ? end : at_;
    }

    void open(const std::string& name, std::string_view attributes, std::size_t from)
    {
        if (is_one_of(name, silent_tags) && !(with_title_ && name == "title") &&
            !attributes.ends_with('/')) {
            skip_to_end_of(name);
            return;
        }
        if (name == "br") {
            begin_here();
            end_line();
            return;
        }
        const bool paragraph = is_one_of(name, paragraph_tags);
        if (paragraph || is_one_of(name, line_tags)) {
            break_line(paragraph);
            tag_from_ = from;
        }
        if (name == "blockquote")
            depth_ = std::min(depth_ + 1, deepest_quote);
        else if (name == "pre")
            ++preformatted_;
        else if (name == "li")
            append("- ");
        else if (name == "td" || name == "th")
            blank_ = true;
        if (name == "div" || name == "blockquote" || name == "span")
            note_mark(attributes);
    }

    void close(const std::string& name)
    {
        const bool paragraph = is_one_of(name, paragraph_tags);
        if (paragraph || is_one_of(name, line_tags)) {
            if (name != "div" || has_begun_)
                mark_ = html_mark::none;
            if (name == "blockquote" && depth_ > 0) {
                end_line();
                --depth_;
            }
            break_line(paragraph);
        }
        if (name == "pre" && preformatted_ > 0)
            --preformatted_;
    }

    void skip_to_end_of(const std::string& name)
    {
        if (never_closed_.find(name) != std::string::npos)
            return;
        std::size_t at = at_;
        while ((at = html_.find("</", at)) != std::string_view::npos) {
            if (crm::ascii_lower(html_.substr(at + 2, name.size())) == name) {
                at_ = at;
                return;
            }
            at += 2;
        }
        // What follows may be all the text there is.
        never_closed_ += name + ' ';
    }

    void note_mark(std::string_view attributes)
    {
        constexpr std::size_t enough = 600;
        const std::string text = crm::ascii_lower(attributes.substr(0, enough));
        const auto says = [&](std::string_view what) {
            return text.find(what) != std::string::npos;
        };
        if (says("gmail_attr") || says("moz-cite-prefix"))
            mark_ = html_mark::attribution;
        else if (says("divrplyfwdmsg") || says("appendonsend") || says("yahoo_quoted") ||
                 says("outlookmessageheader") || says("ms-outlook-mobile-reference-message") ||
                 says("zmail_extra") || says("border:none;border-top:solid") ||
                 says("border-style:solid none none") || says("isforwardcontent"))
            mark_ = html_mark::earlier_mail;
    }

    std::string_view html_;
    bool with_title_;
    std::size_t at_ = 0;
    std::vector<html_line> lines_;
    html_line line_;
    std::optional<std::size_t> tag_from_; // the block tag that the next line begins with
    html_mark mark_ = html_mark::none;
    int depth_ = 0;
    int preformatted_ = 0;
    bool has_begun_ = false;
    bool blank_ = false;
    // Once an end was looked for in vain it is not looked for again: a hostile text of openings
    // would cost its length squared.
    std::string never_closed_; // names of silent tags
    bool comments_end_ = true;
    bool quotes_close_ = true;
    bool tags_close_ = true;
};

} // namespace

std::vector<html_line> html_lines(std::string_view html)
{
    auto lines = reader{html, false}.read();
    // A mail that never closes its title has everything in it.
    if (std::ranges::all_of(lines, [](const html_line& one) {
            return crm::trim(one.text).empty();
        }))
        return reader{html, true}.read();
    return lines;
}

std::string html_to_text(std::string_view html)
{
    std::string text;
    int empty = 0;
    for (const auto& line : html_lines(html)) {
        if (crm::trim(line.text).empty()) {
            if (++empty > 2)
                continue;
        } else {
            empty = 0;
        }
        for (int level = 0; level < line.quote_depth; ++level)
            text += "> ";
        text += line.text;
        text += '\n';
    }
    return std::string{crm::trim(text)};
}

} // namespace channels::email
