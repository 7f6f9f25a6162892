#include "channels/email/thread.hpp"
#include "crm/base/text.hpp"

#include <algorithm>

namespace channels::email {

namespace {

constexpr std::size_t most_ids = 50; // looked up; References may hold hundreds
constexpr std::string_view mark_begins = "[ref:";

// Every place where mail servers and people leave the address that a mail was sent to.
std::vector<std::string_view> recipients_of(const letter& mail)
{
    std::vector<std::string_view> all;
    for (const auto& one : mail.delivered_to)
        all.emplace_back(one);
    for (const auto* list : {&mail.to, &mail.cc}) {
        for (const auto& one : *list)
            all.emplace_back(one.address);
    }
    return all;
}

// What the mail answers, the nearest first: In-Reply-To, then References from its end.
std::vector<std::string_view> answered_ids(const letter& mail)
{
    std::vector<std::string_view> ids;
    for (const auto& one : mail.in_reply_to)
        ids.emplace_back(one);
    for (auto one = mail.references.rbegin(); one != mail.references.rend(); ++one)
        ids.emplace_back(*one);
    ids.resize(std::min(ids.size(), most_ids));
    return ids;
}

// "[#1234]", "[Ticket#1234]", "[TICKET: 1234]" in a subject.
std::string number_in(std::string_view subject)
{
    constexpr std::size_t longest = 20;
    for (auto open = subject.find('['); open != std::string_view::npos;
         open = subject.find('[', open + 1)) {
        const auto close = subject.find(']', open);
        if (close == std::string_view::npos)
            return {};
        const auto inside = subject.substr(open + 1, close - open - 1);
        const auto digits = inside.find_first_of("0123456789");
        const auto word = crm::ascii_lower(inside.substr(0, std::min(digits, inside.size())));
        const auto number =
            digits == std::string_view::npos ? std::string_view{} : inside.substr(digits);
        const bool tagged =
            word == "#" || word == "ticket#" || word == "ticket #" || word == "ticket: ";
        if (tagged && number.size() <= longest &&
            number.find_first_not_of("0123456789") == std::string_view::npos)
            return std::string{number};
    }
    return {};
}

class finder
{
public:
    finder(
        const letter& mail,
        const judgement& verdict,
        const mailbox_identity& ours,
        const what_we_know& known
    )
        : mail_{mail}, verdict_{verdict}, ours_{ours}, known_{known}
    {
    }

    thread_place find()
    {
        if (verdict_.bounce)
            return find_reported();
        if (by_reply_address() || by_answered_ids() || by_body_mark() || by_subject())
            return decide();
        place_.reason = "names no conversation of this mailbox";
        return place_;
    }

private:
    bool found(thread_sign sign, std::optional<crm::conversation_id> conversation)
    {
        if (!conversation || !known_.is_ours(*conversation))
            return false;
        place_.sign = sign;
        candidate_ = *conversation;
        return true;
    }

    bool by_reply_address()
    {
        return std::ranges::any_of(recipients_of(mail_), [&](std::string_view address) {
            return found(
                thread_sign::reply_address, read_reply_address(address, ours_.address, ours_.keys)
            );
        });
    }

    bool by_id(std::string_view id)
    {
        const auto own = read_message_id(id, ours_.message_id_domain, ours_.keys);
        return own && found(thread_sign::own_message, own->conversation);
    }

    bool by_answered_ids()
    {
        const auto ids = answered_ids(mail_);
        return std::ranges::any_of(ids, [&](std::string_view id) { return by_id(id); }) ||
               std::ranges::any_of(ids, [&](std::string_view id) {
                   return found(thread_sign::known_message, known_.with_message(id));
               });
    }

    bool by_body_mark()
    {
        constexpr int most_marks = 20;
        const std::string_view text = mail_.text;
        auto at = text.find(mark_begins);
        for (int count = 0; count < most_marks && at != std::string_view::npos; ++count) {
            const auto begin = at + mark_begins.size();
            const auto near = text.substr(begin, 400);
            const auto end = near.find(']');
            std::string address{near.substr(0, end)};
            // Mail programs break and quote long lines.
            std::erase_if(address, [](char c) { return c == '\n' || c == ' ' || c == '>'; });
            if (end != std::string_view::npos &&
                found(
                    thread_sign::body_mark, read_reply_address(address, ours_.address, ours_.keys)
                ))
                return true;
            at = text.find(mark_begins, begin);
        }
        return false;
    }

    bool by_subject()
    {
        const auto number = number_in(mail_.subject);
        return !number.empty() && found(thread_sign::subject_number, known_.with_number(number));
    }

    // Whoever writes must be known in the conversation: an address in a forwarded mail, an id in a
    // list's archive and a number in a subject are no secrets to those who see them.
    thread_place decide()
    {
        const auto from = mail_.from_address();
        const bool denied = verdict_.proof == sender_proof::failed;
        place_.sender_takes_part = !denied && !from.empty() && known_.takes_part(candidate_, from);
        if (place_.sender_takes_part) {
            place_.conversation = candidate_;
            place_.reason = "the sender takes part in the conversation";
        } else {
            place_.related = candidate_;
            place_.reason =
                denied ? "the sender's address is not proven" : "the sender does not take part";
        }
        return place_;
    }

    thread_place find_reported()
    {
        const auto& id = verdict_.bounce->original_message_id;
        if (!id.empty() &&
            (by_id(id) || found(thread_sign::known_message, known_.with_message(id)))) {
            place_.conversation = candidate_;
            place_.reason = "a report on a mail of the conversation";
        } else {
            place_.reason = "a report on a mail that is not ours";
        }
        return place_;
    }

    const letter& mail_;
    const judgement& verdict_;
    const mailbox_identity& ours_;
    const what_we_know& known_;
    thread_place place_;
    crm::conversation_id candidate_{};
};

} // namespace

thread_place place_of(
    const letter& mail,
    const judgement& verdict,
    const mailbox_identity& ours,
    const what_we_know& known
)
{
    return finder{mail, verdict, ours, known}.find();
}

std::string body_mark(std::string_view reply_address)
{
    return std::string{mark_begins} + std::string{reply_address} + ']';
}

} // namespace channels::email
