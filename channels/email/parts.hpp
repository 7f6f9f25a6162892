// The MIME tree of a mail: which parts are its text and which are attachments. Used by read().
#pragma once

#include "channels/email/gmime.hpp"
#include "channels/email/letter.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// Walks a tree once and fills a letter's text, HTML and attachments.
class part_reader
{
public:
    /// `into.charset` is tried first for unlabelled bytes; it becomes the one used for the text.
    part_reader(letter& into, const read_limits& limits);

    /// Takes in the tree below `root`. Call once.
    void take(GMimeObject* root);

private:
    /// A stretch of the mail's text: the same words as plain text, as HTML, or as both.
    struct piece
    {
        std::string plain;
        std::string html;
    };
    struct part_facts;

    void visit(GMimeObject* object, int depth, bool in_alternative);
    void visit_multipart(GMimeMultipart* multipart, const part_facts& facts, int depth);
    void visit_message(GMimeMessagePart* part, const part_facts& facts);
    void visit_leaf(GMimePart* part, const part_facts& facts, bool in_alternative);
    void take_text(std::string_view bytes, const part_facts& facts);
    bool take_tnef(std::string_view bytes);
    void attach(const part_facts& facts, std::string content, part_kind kind);
    void merge_pieces(std::size_t from);
    void finish();
    void use_other_text();
    bool may_take_more();
    void note(std::string text);

    letter& into_;
    const read_limits& limits_;
    std::chrono::steady_clock::time_point until_;
    std::vector<piece> pieces_;
    std::size_t parts_ = 0;
    std::size_t decoded_ = 0;
    bool is_root_leaf_ = false;
};

/// Plain text of format=flowed (RFC 3676) with its paragraphs joined again.
std::string unflowed(std::string_view text, bool delete_space);

/// A name for a part that has none: from its type, its subject or its number among the parts.
std::string
made_up_name(std::string_view type, part_kind kind, std::string_view subject, std::size_t number);

} // namespace channels::email
