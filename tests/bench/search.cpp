// How fast a word is found in a large history, in English and in Chinese, with and without the
// rights of an agent who sees few inboxes; and what taking a message into the index costs. SQLite.
#include "tests/support/load_options.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/load_report.hpp"

#include "crm/search.hpp"
#include "crm/search_index.hpp"
#include "crm/store/batch.hpp"
#include "crm/store/migrations.hpp"
#include "crm/store/sqlite.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace crm;
using steady = std::chrono::steady_clock;

constexpr int vocabulary = 50'000;
constexpr int inboxes = 20;
constexpr int questions = 400;

/// Words and characters as unevenly spread as in real texts (Zipf, exponent 1).
class writer_of_texts
{
public:
    explicit writer_of_texts(std::uint32_t seed) : dice_{seed} {}

    std::string english_word()
    {
        std::string word;
        for (int number = rank(vocabulary) + 30; number > 0; number /= 26)
            word += static_cast<char>('a' + number % 26);
        return word;
    }
    std::string chinese_word() { return character(rank(3'000)) + character(rank(3'000)); }
    std::string text()
    {
        std::string made;
        const bool is_chinese = dice_() % 2 == 0;
        const int words = 4 + static_cast<int>(dice_() % 20);
        for (int i = 0; i < words; ++i)
            made += is_chinese ? chinese_word() : english_word() + " ";
        return made;
    }
    std::uint32_t roll() { return static_cast<std::uint32_t>(dice_()); }

private:
    int rank(int most)
    {
        const double share = std::uniform_real_distribution{0.0, 1.0}(dice_);
        return static_cast<int>(std::pow(most, share)) - 1;
    }
    static std::string character(int number)
    {
        const unsigned point = 0x4E00U + static_cast<unsigned>(number);
        return {
            static_cast<char>(0xE0U | point >> 12U),
            static_cast<char>(0x80U | (point >> 6U & 0x3FU)),
            static_cast<char>(0x80U | (point & 0x3FU))
        };
    }

    std::mt19937 dice_;
};

double cpu_seconds()
{
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void fill(db::connection& on, int messages)
{
    writer_of_texts texts{1};
    address_book addresses;
    batch one{on, addresses};
    for (int done = 0; done < messages;) {
        on.begin_write();
        for (int i = 0; i < 100 && done < messages; ++i) {
            ++done;
            const search::hit about{
                done,
                inbox_id{static_cast<std::int64_t>(texts.roll() % inboxes) + 1},
                customer_id{static_cast<std::int64_t>(texts.roll()) + 1}
            };
            search::put_document(one, search::document::message, about, texts.text());
        }
        on.commit();
        one.clear();
    }
}

/// The 95th percentile in ms of questions made by `ask`.
template <class Ask>
double p95_ms(db::connection& on, Ask ask)
{
    std::vector<double> took;
    for (int i = 0; i < questions; ++i) {
        const search::question asked = ask();
        const auto began = steady::now();
        static_cast<void>(search::find(on, asked));
        took.push_back(std::chrono::duration<double, std::milli>(steady::now() - began).count());
    }
    std::ranges::sort(took);
    return took[took.size() * 95 / 100];
}

} // namespace

int main(int count, char** words)
{
    int messages = 1'000'000;
    std::filesystem::path results = "build/bench/results.json";
    load::options options{"Measures search in a large history on SQLite."};
    options.add("--messages", messages, "how many messages are in the index");
    options.add("--results", results, "where the figures go");
    int code = 0;
    if (!options.parse(count, words, code))
        return code;
    std::filesystem::create_directories(results.parent_path());
    load::report report{results};

    const load::temp_dir place{"parley-search"};
    const auto on = db::open_sqlite((place.path() / "search.db").string(), db::access::read_write);
    db::migrate(*on, {1});
    search::prepare(*on);
    const double cpu = cpu_seconds();
    fill(*on, messages);
    report.add(load::plain(
        "search: taking 100k messages into the index",
        (cpu_seconds() - cpu) / messages * 100'000,
        "CPU s"
    ));

    writer_of_texts asking{2};
    const auto bounded = [&](const std::string& name, auto ask) {
        report.add(load::plain(name, p95_ms(*on, ask), "ms", 100));
    };
    bounded("search: p95, one English word", [&] {
        return search::question{.words = asking.english_word() + " "};
    });
    bounded("search: p95, a word that goes on", [&] {
        return search::question{.words = asking.english_word().substr(0, 3)};
    });
    bounded("search: p95, two English words", [&] {
        return search::question{.words = asking.english_word() + " " + asking.english_word() + " "};
    });
    bounded("search: p95, a two-character Chinese word", [&] {
        return search::question{.words = asking.chinese_word()};
    });
    bounded("search: p95, one Chinese character", [&] {
        return search::question{.words = asking.chinese_word().substr(0, 3)};
    });
    const crm::audience two_inboxes{
        .everything = false, .agent = {}, .inboxes = {inbox_id{3}, inbox_id{4}}, .teams = {}
    };
    bounded("search: p95, a Chinese word in 2 of 20 inboxes", [&] {
        return search::question{.words = asking.chinese_word(), .who = two_inboxes};
    });
    bounded("search: p95, an English word in 2 of 20 inboxes", [&] {
        return search::question{.words = asking.english_word() + " ", .who = two_inboxes};
    });
    return 0;
}
