// How long one routing decision takes with 1 M waiting requests and 10 k agents. Two shapes: 4 096
// lanes with 1 000 agent profiles, and 16 384 lanes with 10 000 distinct profiles. `--waiting N
// --agents N` make it smaller.
#include "routing/engine/engine.hpp"
#include "tests/support/load_options.hpp"
#include "tests/support/load_report.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <random>
#include <string>

using namespace routing;

namespace {

constexpr double bound_us = 10.0; // p99 of one decision
constexpr int samples = 20'000;

struct shape
{
    int lanes;
    int profiles;
};

double measured(const std::function<void()>& run)
{
    const auto begin = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
        .count();
}

/// Where the figures of this run go.
load::report& figures(const std::filesystem::path& file = {})
{
    static load::report all{file};
    return all;
}

void report(const shape& of, const char* what, std::vector<double> times, bool has_target = true)
{
    std::sort(times.begin(), times.end());
    const std::pair<const char*, double> percentiles[] = {
        {"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}
    };
    for (const auto& [label, share] : percentiles) {
        const auto at = static_cast<std::size_t>(share * static_cast<double>(times.size() - 1));
        const bool bounded = has_target && std::strcmp(label, "p99") == 0;
        figures().add(
            {fmt::format(
                 "routing: {} {} ({} lanes, {} profiles)", what, label, of.lanes, of.profiles
             ),
             times[at],
             "us",
             "",
             0,
             0,
             bounded ? bound_us : 0,
             false}
        );
    }
}

// The world: skill sets of one to three out of 32 skills; agents master four to eight.
class hall
{
public:
    hall(const shape& of, int waiting, int agents) : of_(of), engine_(policy{}), random_(42)
    {
        for (int i = 0; i < of.lanes; ++i)
            demands_.push_back(some_needs());
        std::vector<std::vector<proficiency>> profiles;
        for (int i = 0; i < of.profiles; ++i)
            profiles.push_back(some_skills());
        for (int i = 0; i < agents; ++i) {
            skills_of_.push_back(profiles[static_cast<std::size_t>(i % of.profiles)]);
            tell(agent_defined{
                agent_id{i + 1}, skills_of_.back(), {}, {channel::chat, channel::messaging}, 12
            });
        }
        // While nobody is online everyone waits.
        for (int i = 0; i < waiting; ++i)
            tell(some_request());
    }

    // Two thousand agents are full; one of them finishes and takes the best of all who wait.
    std::vector<double> agent_free()
    {
        std::vector<double> times;
        for (int i = 0; i < 2'000; ++i)
            tell(presence_changed{agent_id{1 + i}, presence::online});
        collect_offers();
        for (int i = 0; i < samples && !offers_.empty(); ++i) {
            const std::size_t which = random_() % offers_.size();
            const offer done = offers_[which];
            offers_.erase(offers_.begin() + static_cast<std::ptrdiff_t>(which));
            tell(offer_accepted{done.id, done.to, done.attempt});
            out_.clear();
            times.push_back(measured([&] { apply(request_finished{done.id}); }));
            collect_offers();
        }
        return times;
    }

    std::vector<double> abandon()
    {
        std::vector<double> times;
        for (int i = 0; i < samples; ++i)
            times.push_back(measured([&, id = some_waiting()] { apply(request_abandoned{id}); }));
        return times;
    }

    std::vector<double> rescore()
    {
        std::vector<double> times;
        for (int i = 0; i < samples; ++i)
            times.push_back(measured([&, id = some_waiting()] {
                apply(request_rescored{id, top_score, tier::vip, score_basis::model});
            }));
        return times;
    }

    // Arrivals while everyone is busy: the price of joining the line.
    std::vector<double> arrival_waits()
    {
        std::vector<double> times;
        for (int i = 0; i < samples; ++i)
            times.push_back(measured([&, made = some_request()] { apply(made); }));
        return times;
    }

    // Arrivals that find one of thousands of agents with room. Nobody waits for messaging, so
    // every agent who is online has room for it or is full of chats.
    std::vector<double> arrival_served(int agents)
    {
        for (int i = 0; i < agents; ++i) {
            tell(agent_defined{
                agent_id{i + 1},
                skills_of_[static_cast<std::size_t>(i)],
                {},
                {channel::messaging},
                12
            });
            tell(presence_changed{agent_id{i + 1}, presence::online});
        }
        // The first request of its kind makes the lane and links it to every class: once each.
        std::vector<double> first;
        for (const auto& needs : demands_) {
            request_queued made = some_request();
            made.what.on = channel::messaging;
            made.what.needs = needs;
            first.push_back(measured([&] { apply(made); }));
            tell(request_finished{made.what.id});
            out_.clear();
        }
        report(of_, "first arrival in a new lane", std::move(first), false);
        std::vector<double> times;
        for (int i = 0; i < samples; ++i) {
            request_queued made = some_request();
            made.what.on = channel::messaging;
            times.push_back(measured([&] { apply(made); }));
            tell(request_finished{made.what.id});
            out_.clear();
        }
        return times;
    }

private:
    std::vector<requirement> some_needs()
    {
        std::vector<requirement> needs;
        const int count = 1 + static_cast<int>(random_() % 3);
        for (int i = 0; i < count; ++i)
            needs.push_back(
                {skill_id{1 + static_cast<int>(random_() % 32)},
                 static_cast<std::uint8_t>(1 + random_() % 2)}
            );
        return needs;
    }
    std::vector<proficiency> some_skills()
    {
        std::vector<proficiency> skills;
        const int count = 4 + static_cast<int>(random_() % 5);
        for (int i = 0; i < count; ++i)
            skills.push_back(
                {skill_id{1 + static_cast<int>(random_() % 32)},
                 static_cast<std::uint8_t>(1 + random_() % 3)}
            );
        return skills;
    }
    request_queued some_request()
    {
        request made;
        made.id = request_id{++last_};
        made.needs = demands_[random_() % demands_.size()];
        made.arrival = now_;
        made.score = static_cast<score_t>(random_() % 5'000);
        return {made};
    }
    request_id some_waiting()
    {
        for (;;) {
            const request_id id{
                1 + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(last_))
            };
            const auto slot = engine_.requests().find(id);
            if (slot && engine_.requests()[*slot].is == phase::waiting)
                return id;
        }
    }
    void apply(const event& what) { engine_.apply(++position_, now_, what, out_); }
    void tell(const event& what)
    {
        now_ += 50;
        apply(what);
    }
    void collect_offers()
    {
        for (const decision& d : out_)
            if (const auto* made = std::get_if<offer>(&d))
                offers_.push_back(*made);
        out_.clear();
    }

    shape of_;
    engine engine_;
    std::mt19937_64 random_;
    std::vector<std::vector<requirement>> demands_;
    std::vector<std::vector<proficiency>> skills_of_;
    std::vector<decision> out_;
    std::vector<offer> offers_;
    std::int64_t position_ = 0;
    std::int64_t last_ = 0;
    time_us now_ = one_hour;
};

void run(const shape& of, int waiting, int agents)
{
    hall busy(of, waiting, agents);
    report(of, "arrival that waits", busy.arrival_waits());
    report(of, "abandon", busy.abandon());
    report(of, "re-score", busy.rescore());
    report(of, "agent free", busy.agent_free());
    report(of, "arrival that is offered", busy.arrival_served(agents));
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"routing decisions with a long line and many agents"};
    std::filesystem::path results = "build/bench/results.json";
    int waiting = 1'000'000;
    int agents = 10'000;
    app.add("--results", results, "file that gathers the figures");
    app.add("--waiting", waiting, "requests that wait");
    app.add("--agents", agents, "agents");
    int code = 0;
    if (!app.parse(argc, argv, code))
        return code;
    figures(results);
    run({4'096, 1'000}, waiting, agents);
    run({16'384, 10'000}, waiting, agents);
    const auto& all = figures().figures();
    return std::ranges::all_of(all, &load::figure::holds) ? 0 : 2;
}
