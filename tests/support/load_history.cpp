#include "tests/support/load_history.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace load {

namespace {

constexpr std::size_t most_complaints = 20;

class judgement
{
public:
    judgement(const history& asked, const std::vector<seen_entry>& stored)
        : asked_{asked}, stored_{stored}
    {
    }

    verdict operations()
    {
        std::map<std::string, std::vector<const seen_entry*>> by_cid;
        for (const auto& row : stored_)
            if (!row.cid.empty())
                by_cid[row.cid].push_back(&row);
        for (const auto& [cid, asked] : asked_.operations()) {
            const auto found = by_cid.find(cid);
            const std::size_t times = found == by_cid.end() ? 0 : found->second.size();
            if (asked.ended == outcome::ok)
                ++result_.acknowledged;
            if (times > 1)
                complain(result_.doubled, cid + " is there " + std::to_string(times) + " times");
            if (asked.ended == outcome::ok && times == 0)
                complain(result_.lost, cid + " was acknowledged and is not there");
            if (asked.ended == outcome::fail && times > 0)
                complain(result_.resurrected, cid + " was refused and is there");
            if (asked.ended == outcome::ok && times == 1)
                compare(asked, *found->second.front());
        }
        numbers();
        return std::move(result_);
    }

    void observers(verdict& into, const std::vector<observed>& all)
    {
        result_ = std::move(into);
        std::map<std::string, std::map<std::int64_t, const seen_entry*>> by_seq;
        std::map<std::string, std::map<std::int64_t, const seen_entry*>> by_public;
        for (const auto& row : stored_) {
            by_seq[row.conversation][row.seq] = &row;
            if (row.public_seq > 0)
                by_public[row.conversation][row.public_seq] = &row;
        }
        for (const auto& who : all)
            observer(who, who.by_public_seq ? by_public : by_seq);
        into = std::move(result_);
    }

private:
    using truth = std::map<std::string, std::map<std::int64_t, const seen_entry*>>;

    void complain(std::int64_t& counter, const std::string& words)
    {
        ++counter;
        if (result_.complaints.size() < most_complaints)
            result_.complaints.push_back(words);
    }

    void compare(const operation& asked, const seen_entry& there)
    {
        if (asked.text != there.text)
            complain(result_.lost, asked.cid + " is there with another text");
        const auto number = asked.by_visitor ? there.public_seq : there.seq;
        if (asked.seq != 0 && asked.seq != number)
            complain(
                result_.lost,
                asked.cid + " was acknowledged as " + std::to_string(asked.seq) +
                    " and stands at " + std::to_string(number)
            );
    }

    void numbers()
    {
        std::map<std::string, std::vector<std::int64_t>> seqs;
        std::map<std::string, std::vector<std::int64_t>> publics;
        for (const auto& row : stored_) {
            seqs[row.conversation].push_back(row.seq);
            if (row.public_seq > 0)
                publics[row.conversation].push_back(row.public_seq);
        }
        contiguous(seqs, "seq");
        contiguous(publics, "public_seq");
    }

    void contiguous(
        std::map<std::string, std::vector<std::int64_t>>& numbers_of, const std::string& what
    )
    {
        for (auto& [conversation, numbers] : numbers_of) {
            std::ranges::sort(numbers);
            for (std::size_t i = 0; i < numbers.size(); ++i)
                if (numbers[i] != static_cast<std::int64_t>(i) + 1) {
                    complain(
                        result_.gaps,
                        "conversation " + conversation + " has " + what + " " +
                            std::to_string(numbers[i]) + " where " + std::to_string(i + 1) +
                            " belongs"
                    );
                    break;
                }
        }
    }

    void observer(const observed& who, const truth& all)
    {
        std::set<std::string> conversations;
        for (const auto& [conversation, entries] : who.entries)
            conversations.insert(conversation);
        for (const auto& [conversation, entries] : all)
            if (who.conversation.empty() || who.conversation == conversation)
                conversations.insert(conversation);
        static const std::map<std::int64_t, const seen_entry*> nothing_stored;
        static const std::map<std::int64_t, seen_entry> nothing_seen;
        for (const auto& conversation : conversations) {
            const auto stored = all.find(conversation);
            const auto seen = who.entries.find(conversation);
            timelines(
                who.name + " in conversation " + conversation,
                stored == all.end() ? nothing_stored : stored->second,
                seen == who.entries.end() ? nothing_seen : seen->second
            );
        }
    }

    void timelines(
        const std::string& where,
        const std::map<std::int64_t, const seen_entry*>& stored,
        const std::map<std::int64_t, seen_entry>& seen
    )
    {
        for (const auto& [number, row] : stored) {
            const auto found = seen.find(number);
            if (found == seen.end())
                return complain(
                    result_.different, where + " never saw number " + std::to_string(number)
                );
            if (found->second.id != row->id || found->second.text != row->text)
                return complain(
                    result_.different,
                    where + " saw something else as number " + std::to_string(number)
                );
        }
        for (const auto& [number, entry] : seen)
            if (!stored.contains(number))
                return complain(
                    result_.different,
                    where + " saw number " + std::to_string(number) + ", not stored"
                );
    }

    const history& asked_;
    const std::vector<seen_entry>& stored_;
    verdict result_;
};

} // namespace

void history::invoke(operation what)
{
    const std::string cid = what.cid;
    if (!operations_.emplace(cid, std::move(what)).second)
        throw std::logic_error{"cid used twice by the driver: " + cid};
}

void history::ended(const std::string& cid, outcome how, std::int64_t seq)
{
    auto& one = operations_.at(cid);
    one.ended = how;
    one.seq = seq;
}

std::int64_t history::count(outcome how) const
{
    return std::ranges::count_if(operations_, [how](const auto& one) {
        return one.second.ended == how;
    });
}

verdict judge(
    const history& asked,
    const std::vector<seen_entry>& stored,
    const std::vector<observed>& observers
)
{
    judgement judging{asked, stored};
    verdict found = judging.operations();
    judging.observers(found, observers);
    return found;
}

} // namespace load
