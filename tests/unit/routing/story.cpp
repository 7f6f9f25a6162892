#include "tests/unit/routing/story.hpp"

#include "routing/engine/engine.hpp"
#include "tests/unit/routing/story_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <memory>

namespace routing::test {
namespace {

class story
{
public:
    explicit story(std::string file) : file_(std::move(file)) {}

    void line(int number, std::string text)
    {
        at_line_ = number;
        if (const auto comment = text.find('#'); comment != std::string::npos)
            text.erase(comment);
        const auto arrow = text.find("->");
        const auto words = words_of(text.substr(0, arrow));
        if (words.empty())
            return;
        std::vector<std::string> expected;
        if (arrow != std::string::npos)
            for (const std::string& part : split(text.substr(arrow + 2), ','))
                expected.push_back(trimmed(part));
        if (words[0] == "rule")
            rule(words);
        else if (words[0] == "agent")
            agent(words);
        else
            happening(words, expected);
    }

    std::vector<std::string> complaints;

private:
    void complain(const std::string& what)
    {
        complaints.push_back(fmt::format("{}:{}: {}", file_, at_line_, what));
    }

    void rule(const std::vector<std::string>& w)
    {
        if (engine_)
            throw std::runtime_error("rules come before agents");
        if (w.at(1) == "congestion")
            rules_.congestion_permille = static_cast<int>(number(w.at(2)));
        else if (w.at(1) == "misses")
            rules_.misses_before_away = static_cast<int>(number(w.at(2)));
        else
            channel_rule(rules_.of(channel_named(w.at(1))), w.at(2), w.at(3));
    }

    static void channel_rule(channel_policy& row, const std::string& key, const std::string& value)
    {
        if (key == "target")
            row.target = duration(value);
        else if (key == "head_start")
            row.head_start_x100 = number(value);
        else if (key == "units")
            row.units = static_cast<int>(number(value));
        else if (key == "most")
            row.most_at_once = static_cast<int>(number(value));
        else
            throw std::runtime_error("no such rule: " + key);
    }

    engine& running()
    {
        if (!engine_)
            engine_ = std::make_unique<engine>(rules_);
        return *engine_;
    }

    std::vector<proficiency> skills(const std::string& text)
    {
        std::vector<proficiency> found;
        for (const std::string& part : split(text, ',')) {
            const auto pieces = split(part, ':');
            found.push_back(
                {skills_.id(pieces[0]),
                 static_cast<std::uint8_t>(pieces.size() > 1 ? number(pieces[1]) : 1)}
            );
        }
        return found;
    }

    // "billing:2,refund?": a question mark makes it optional.
    std::vector<requirement> needs(const std::string& text)
    {
        std::vector<requirement> found;
        for (std::string part : split(text, ',')) {
            const bool optional = part.back() == '?';
            if (optional)
                part.pop_back();
            const proficiency p = skills(part).front();
            found.push_back({p.skill, p.level, optional});
        }
        return found;
    }

    std::vector<team_id> teams(const std::string& text)
    {
        std::vector<team_id> found;
        for (const std::string& part : split(text, ','))
            found.push_back(teams_.id(part));
        return found;
    }

    void agent(const std::vector<std::string>& w)
    {
        agent_defined made;
        made.id = agents_.id(w.at(1));
        for (std::size_t i = 2; i + 1 < w.size(); i += 2) {
            if (w[i] == "skills")
                made.skills = skills(w[i + 1]);
            else if (w[i] == "teams")
                made.teams = teams(w[i + 1]);
            else if (w[i] == "units")
                made.units = static_cast<int>(number(w[i + 1]));
            else if (w[i] == "channels") {
                made.channels.clear();
                for (const std::string& name : split(w[i + 1], ','))
                    made.channels.push_back(channel_named(name));
            } else
                throw std::runtime_error("an agent has no " + w[i]);
        }
        apply(now_, made);
    }

    request request_of(const std::vector<std::string>& w)
    {
        request made;
        made.on = channel_named(w.at(1));
        made.id = requests_.id(w.at(2));
        made.arrival = now_;
        for (std::size_t i = 3; i + 1 < w.size(); i += 2) {
            const std::string& value = w[i + 1];
            if (w[i] == "needs")
                made.needs = needs(value);
            else if (w[i] == "teams")
                made.teams = teams(value);
            else if (w[i] == "backup")
                made.backup_teams = teams(value);
            else if (w[i] == "score")
                made.score = static_cast<score_t>(number(value) * 100);
            else if (w[i] == "prefers")
                made.preferred = agents_.id(value);
            else if (w[i] == "kept")
                made.kept_until = clock_time(value);
            else if (w[i] == "not")
                made.excluded.push_back({agents_.id(value)});
            else if (w[i] == "boost")
                made.boost = static_cast<targets_x100>(number(value) * 100);
            else if (w[i] == "due")
                made.not_before = clock_time(value);
            else if (w[i] == "arrived")
                made.arrival = clock_time(value);
            else
                throw std::runtime_error("a request has no " + w[i]);
        }
        return made;
    }

    int attempt_of(request_id id)
    {
        const auto slot = running().requests().find(id);
        return slot ? running().requests()[*slot].attempt : 0;
    }

    event by_agent(const std::vector<std::string>& w)
    {
        const agent_id who = agents_.id(w.at(1));
        const std::string& verb = w.at(2);
        for (presence p : {presence::offline, presence::away, presence::busy, presence::online})
            if (name_of(p) == verb)
                return presence_changed{who, p};
        const request_id id = requests_.id(w.at(3));
        if (verb == "accepts")
            return offer_accepted{id, who, attempt_of(id)};
        if (verb == "declines")
            return offer_declined{id, who, attempt_of(id)};
        throw std::runtime_error("an agent does not " + verb);
    }

    event about_request(const std::vector<std::string>& w)
    {
        const request_id id = requests_.id(w.at(1));
        const std::string& verb = w.at(2);
        if (verb == "leaves")
            return request_abandoned{id};
        if (verb == "done")
            return request_finished{id};
        if (verb == "lost")
            return offer_lost{id, attempt_of(id)};
        if (verb == "scores")
            return request_rescored{
                id, static_cast<score_t>(number(w.at(3)) * 100), tier::vip, score_basis::model
            };
        if (verb == "escalates")
            return request_escalated{id, static_cast<targets_x100>(number(w.at(3)) * 100)};
        if (verb == "given")
            return request_assigned{id, agents_.id(w.at(3))};
        if (verb != "moves")
            throw std::runtime_error("a request does not " + verb);
        request_transferred moved{id, {}, {}, {}, {}};
        for (std::size_t i = 3; i + 1 < w.size(); i += 2) {
            if (w[i] == "to")
                moved.to_agent = agents_.id(w[i + 1]);
            else if (w[i] == "team")
                moved.to_teams = teams(w[i + 1]);
            else if (w[i] == "by")
                moved.by = agents_.id(w[i + 1]);
            else
                throw std::runtime_error("a request moves to, team or by, not " + w[i]);
        }
        return moved;
    }

    void happening(const std::vector<std::string>& w, const std::vector<std::string>& expected)
    {
        now_ = clock_time(w[0]);
        if (w.size() == 5 && w[2] == "stands" && w[3] == "at") {
            check_position(requests_.id(w[1]), w[4]);
            return;
        }
        event what = time_advanced{};
        if (is_channel(w.at(1)))
            what = request_queued{request_of(w)};
        else if (agents_.knows(w[1]))
            what = by_agent(w);
        else if (w[1] != "time")
            what = about_request(w);
        const auto decided = apply(now_, what);
        std::vector<std::string> said;
        for (std::size_t i = 0; i < decided.size(); ++i)
            said.push_back(
                say(decided[i],
                    i < expected.size() && expected[i].find(" because ") != std::string::npos)
            );
        if (said != expected)
            complain(fmt::format(
                "told: {}; happened: {}", fmt::join(expected, ", "), fmt::join(said, ", ")
            ));
    }

    void check_position(request_id id, const std::string& told)
    {
        const auto seen = running().outlook_of(id);
        const std::string happened = seen ? std::to_string(seen->position) : "nowhere";
        if (happened != told)
            complain(fmt::format("told: stands at {}; happened: {}", told, happened));
    }

    std::vector<decision> apply(time_us now, const event& what)
    {
        std::vector<decision> out;
        running().apply(++position_, now, what, out);
        return out;
    }

    std::string say(const decision& what, bool with_reason) const
    {
        struct speaker
        {
            const story& s;
            bool with_reason;
            std::string operator()(const offer& o) const
            {
                std::string text = s.requests_.name(o.id) + " to " + s.agents_.name(o.to);
                return with_reason ? text + " because " + std::string(name_of(o.why.why_agent))
                                   : text;
            }
            std::string operator()(const withdrawn& o) const
            {
                return fmt::format(
                    "{} back from {} ({})",
                    s.requests_.name(o.id),
                    s.agents_.name(o.from),
                    name_of(o.why)
                );
            }
            std::string operator()(const ring_relaxed& r) const
            {
                return fmt::format("{} ring {}", s.requests_.name(r.id), r.ring);
            }
            std::string operator()(const held& h) const
            {
                return s.requests_.name(h.id) + " waits for " + s.agents_.name(h.waits_for);
            }
            std::string operator()(const rekeyed& r) const
            {
                return s.requests_.name(r.id) + " rekeyed";
            }
            std::string operator()(const overdue& o) const
            {
                return s.requests_.name(o.id) + " overdue";
            }
            std::string operator()(const auto_away& a) const
            {
                return s.agents_.name(a.id) + " away";
            }
        };
        return std::visit(speaker{*this, with_reason}, what);
    }

    std::string file_;
    int at_line_ = 0;
    policy rules_;
    std::unique_ptr<engine> engine_;
    time_us now_ = 0;
    std::int64_t position_ = 0;
    directory<agent_id> agents_;
    directory<skill_id> skills_;
    directory<team_id> teams_;
    directory<request_id> requests_;
};

} // namespace

std::vector<std::string> play_story(const std::filesystem::path& file)
{
    std::ifstream in(file);
    if (!in)
        return {"cannot open " + file.string()};
    story told(file.filename().string());
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        try {
            told.line(number, line);
        } catch (const std::exception& wrong) {
            told.complaints.push_back(
                fmt::format("{}:{}: {}", file.filename().string(), number, wrong.what())
            );
            return told.complaints;
        }
    }
    return told.complaints;
}

} // namespace routing::test
