#include "crm/demo/people.hpp"

#include <array>

namespace crm::demo {
namespace {

constexpr std::array first_names{"Emma",  "Noah",  "Olivia", "Liam",  "Mia",   "Lucas",  "Sofia",
                                 "Elias", "Amara", "Jonas",  "Chloé", "Mateo", "Ingrid", "Omar",
                                 "Priya", "Tomás", "Freya",  "Kofi",  "Hana",  "Piotr"};
constexpr std::array last_names{
    "Müller",
    "Okafor",
    "García",
    "Smith",
    "Rossi",
    "Nowak",
    "Dubois",
    "Silva",
    "Haddad",
    "Jensen",
    "Novák",
    "Patel",
    "O’Brien",
    "Tanaka",
    "Kowalska",
    "Schmidt"
};
constexpr std::array surnames{
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"
};
constexpr std::array given_names{
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "思雨",
    "子涵",
    "晓明",
    "梓轩",
    "佳怡"
};

std::vector<person> notable()
{
    return {
        {.name = "林晓雨",
         .locale = "zh-CN",
         .mail = "xiaoyu.lin@demo.test",
         .phone = "+8613800138000"},
        {.name = "陈思远",
         .locale = "zh-CN",
         .mail = "siyuan.chen@demo.test",
         .phone = "+8613900139000"},
        {.name = "ليلى حداد", .locale = "ar", .mail = "layla.haddad@demo.test"},
        {.name = "👩‍👩‍👧 Familie Özdemir-O’Neill",
         .locale = "de",
         .mail = "oezdemir@demo.test"},
        {.name = "Ngozi Okafor",
         .locale = "en",
         .mail = "ngozi.okafor@demo.test",
         .phone = "+4930555012"},
        {.name = "דניאל לוי", .locale = "he", .mail = "daniel.levi@demo.test"},
        {.name = "Zoë 🏳️‍🌈 van der Berg-Österreicher",
         .locale = "nl",
         .mail = "zoe@demo.test"},
        {.name = "田中さくら", .locale = "ja", .mail = "sakura.tanaka@demo.test"}
    };
}

} // namespace

std::vector<person> people(std::size_t count, dice& chance)
{
    std::vector<person> all = notable();
    while (all.size() < count) {
        const std::string number = std::to_string(all.size());
        person one;
        if (all.size() % 9 == 8) {
            one.anonymous = true;
            one.locale = chance.one_in(2) ? "zh-CN" : "en";
        } else if (chance.one_in(2)) {
            one.name = std::string{surnames[chance.below(surnames.size())]} +
                       given_names[chance.below(given_names.size())];
            one.locale = "zh-CN";
            one.mail = "kehu" + number + "@demo.test";
            one.phone = "+8613" + std::to_string(100'000'000 + chance.below(899'999'999));
        } else {
            one.name = std::string{first_names[chance.below(first_names.size())]} + " " +
                       last_names[chance.below(last_names.size())];
            one.locale = "en";
            one.mail = "customer" + number + "@demo.test";
        }
        all.push_back(std::move(one));
    }
    all.resize(count);
    return all;
}

const std::vector<std::string>& agent_names()
{
    static const std::vector<std::string> all{
        "Ana Flores",
        "李静",
        "Ben Whitaker",
        "张伟",
        "Chiara Conti",
        "王芳",
        "Daniel Park",
        "赵敏",
        "Eva Lindqvist"
    };
    return all;
}

} // namespace crm::demo
