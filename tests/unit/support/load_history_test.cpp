// The judge of the torture runs must be able to fail: each test spoils one thing in a clean
// history.
#include "tests/support/load_history.hpp"

#include <catch2/catch.hpp>

using namespace load;

namespace {

/// A visitor and an agent in one conversation; four entries, one of them internal, all as it should
/// be.
struct clean_run
{
    history asked;
    std::vector<seen_entry> stored{
        {"7", "101", 1, 1, "v0-1", "first"},
        {"7", "102", 2, 0, "", "opened"},
        {"7", "103", 3, 2, "v0-2", "second"},
        {"7", "104", 4, 3, "a0-1", "answer"},
    };
    observed agent{"agent", false, "", {}};
    observed visitor{"visitor", true, "7", {}};

    clean_run()
    {
        asked.invoke({"v0-1", "v0", "first"});
        asked.invoke({"v0-2", "v0", "second"});
        asked.invoke({"v0-3", "v0", "never answered"});
        asked.invoke({"v0-4", "v0", ""});
        asked.invoke({"a0-1", "a0", "answer", outcome::info, 0, false});
        asked.ended("v0-1", outcome::ok, 1);
        asked.ended("v0-2", outcome::ok, 2);
        asked.ended("v0-4", outcome::fail, 0);
        asked.ended("a0-1", outcome::ok, 4);
        for (const auto& row : stored) {
            agent.entries["7"][row.seq] = row;
            if (row.public_seq > 0)
                visitor.entries["7"][row.public_seq] = row;
        }
    }

    [[nodiscard]] verdict judged() const { return judge(asked, stored, {agent, visitor}); }
};

} // namespace

TEST_CASE("a clean history has no violations, and an unanswered question may be absent")
{
    const verdict found = clean_run{}.judged();
    CHECK(found.violations() == 0);
    CHECK(found.complaints.empty());
    CHECK(found.acknowledged == 3);
}

TEST_CASE("an unanswered question may be there once, and not twice")
{
    clean_run run;
    const seen_entry extra{"7", "105", 5, 4, "v0-3", "never answered"};
    run.stored.push_back(extra);
    run.agent.entries["7"][5] = extra;
    run.visitor.entries["7"][4] = extra;
    CHECK(run.judged().violations() == 0);
    run.stored.push_back({"7", "106", 6, 5, "v0-3", "never answered"});
    CHECK(run.judged().doubled == 1);
}

TEST_CASE("an acknowledged entry that is gone is lost, and leaves a gap")
{
    clean_run run;
    run.stored.erase(run.stored.begin() + 2);
    const verdict found = run.judged();
    CHECK(found.lost == 1);
    CHECK(found.gaps == 2); // in seq and in public_seq
    CHECK(found.different > 0);
}

TEST_CASE("an acknowledged entry with another text or another number is lost")
{
    clean_run run;
    run.stored[0].text = "forged";
    CHECK(run.judged().lost == 1);
    clean_run other;
    other.asked.ended("v0-2", outcome::ok, 9);
    CHECK(other.judged().lost == 1);
}

TEST_CASE("an entry stored twice is doubled")
{
    clean_run run;
    run.stored.push_back({"7", "105", 5, 4, "v0-1", "first"});
    CHECK(run.judged().doubled == 1);
}

TEST_CASE("a number used twice is a gap")
{
    clean_run run;
    run.stored[3].seq = 3;
    CHECK(run.judged().gaps == 1);
}

TEST_CASE("a refused question that is there is resurrected")
{
    clean_run run;
    run.stored.push_back({"7", "105", 5, 4, "v0-4", ""});
    CHECK(run.judged().resurrected == 1);
}

TEST_CASE("an observer that missed, mixed up or dreamt an entry is different")
{
    clean_run missed;
    missed.agent.entries["7"].erase(2);
    CHECK(missed.judged().different == 1);
    clean_run mixed;
    mixed.visitor.entries["7"][1].id = "999";
    CHECK(mixed.judged().different == 1);
    clean_run dreamt;
    dreamt.agent.entries["7"][5] = {"7", "105", 5, 4, "", "dream"};
    CHECK(dreamt.judged().different == 1);
    clean_run elsewhere;
    elsewhere.agent.entries["8"][1] = {"8", "201", 1, 1, "", "another's"};
    CHECK(elsewhere.judged().different == 1);
}
