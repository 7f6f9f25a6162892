#include "crm/demo/furniture.hpp"

#include "crm/attribute.hpp"
#include "crm/demo/people.hpp"
#include "crm/inbox.hpp"
#include "crm/staff.hpp"
#include "crm/tag.hpp"

#include <array>

namespace crm::demo {
namespace {

std::vector<open_span> shop_hours()
{
    std::vector<open_span> week;
    for (int day = 0; day < 7; ++day)
        week.push_back({.weekday = day, .opens_minute = 0, .closes_minute = 1'440});
    return week;
}

std::vector<open_span> office_hours()
{
    std::vector<open_span> week;
    for (int day = 0; day < 5; ++day)
        week.push_back({.weekday = day, .opens_minute = 9 * 60, .closes_minute = 18 * 60});
    return week;
}

void make_inboxes(transaction& tx, context& by, const story& told, progress& made)
{
    inbox shop;
    shop.slug = "web";
    shop.name = "Shop · 商店";
    shop.brand = "Tidewater 潮间茶器";
    shop.locale = "en";
    shop.timezone = "Asia/Shanghai";
    shop.hours = shop_hours();
    shop.language = language_need::wanted;
    shop.origins = {told.size.shop_origin};
    shop.form = {
        {.name = "name", .label = "Name · 姓名", .type = "text", .required = false},
        {.name = "email", .label = "E-mail · 邮箱", .type = "email", .required = false}
    };
    shop.texts = {
        {.name = "greeting",
         .locale = "zh",
         .content = "您好！我是 {brand} 的茶顾问，请问有什么可以帮您？"}
    };
    inbox support;
    support.slug = "support";
    support.name = "Support mail · 邮件";
    support.brand = shop.brand;
    support.timezone = "Europe/Berlin";
    support.hours = office_hours();
    support.exceptions = {
        {.day = "2026-12-25", .opens_minute = 0, .closes_minute = 0, .label = "Christmas"},
        {.day = "2027-02-06", .opens_minute = 0, .closes_minute = 0, .label = "春节"}
    };
    support.first_response_target = std::chrono::hours{4};
    inbox social;
    social.slug = "social";
    social.name = "Messengers · 社交";
    social.brand = shop.brand;
    social.timezone = "Asia/Shanghai";
    social.hours = shop_hours();
    social.language = language_need::wanted;
    social.first_response_target = std::chrono::minutes{10};
    for (const inbox& one : {shop, support, social})
        made.inboxes.push_back(inboxes::create(tx, by, one).id);
    for (const demo_account& one : accounts()) {
        channel_account account;
        account.slug = one.slug;
        account.inbox = made.inboxes[one.inbox];
        account.channel = one.channel;
        account.name = one.name;
        account.address = one.address;
        account.can = usual_capabilities(one.channel);
        made.accounts.push_back(channel_accounts::create(tx, by, account).id);
    }
}

std::string mail_of(std::size_t which)
{
    static constexpr std::array names{
        "ana", "jing", "ben", "wei", "chiara", "fang", "daniel", "min", "eva"
    };
    return std::string{names[which]} + "@demo.test";
}

void make_staff(transaction& tx, context& by, progress& made)
{
    const auto chinese = staff::create_skill(tx, by, "Chinese 中文", "zh").id;
    const auto english = staff::create_skill(tx, by, "English", "en").id;
    const auto returns = staff::create_skill(tx, by, "Returns").id;
    std::vector<agent_id> advice;
    std::vector<agent_id> after;
    for (std::size_t i = 0; i < agent_names().size(); ++i) {
        agent one;
        one.name = agent_names()[i];
        one.email = mail_of(i);
        one.locale = i % 2 == 0 ? "en" : "zh-CN";
        one.roles = {{.role = i == 4 ? role::lead : role::agent, .inbox = {}, .team = {}}};
        one.skills = {
            {.skill = i % 2 == 0 ? english : chinese, .level = 5, .expires = {}},
            {.skill = i % 2 == 0 ? chinese : english, .level = i % 3 == 0 ? 4 : 2, .expires = {}}
        };
        if (i % 3 == 1)
            one.skills.push_back({.skill = returns, .level = 4, .expires = {}});
        made.agents.push_back(staff::create_agent(tx, by, one).id);
        (i % 3 == 1 ? after : advice).push_back(made.agents.back());
    }
    const auto add = [&](const char* name, const char* mail, role as) {
        agent one;
        one.name = name;
        one.email = mail;
        one.roles = {{.role = as, .inbox = {}, .team = {}}};
        made.agents.push_back(staff::create_agent(tx, by, one).id);
    };
    add("Sam Boss", "boss@demo.test", role::supervisor);
    add("Alex Admin", "admin@demo.test", role::admin);
    add("Robin Analyst", "analyst@demo.test", role::analyst);
    staff::create_team(tx, by, "Advice 售前", advice);
    staff::create_team(tx, by, "After-sale 售后", after);
}

} // namespace

void furnish(transaction& tx, context& by, const story& told, progress& made)
{
    make_inboxes(tx, by, told, made);
    make_staff(tx, by, made);
    for (const auto& [name, color] :
         {std::pair{"complaint 投诉", "red"},
          std::pair{"praise 表扬", "green"},
          std::pair{"wholesale 批发", "blue"},
          std::pair{"gift 礼品", "purple"},
          std::pair{"invoice 发票", "grey"}})
        made.tags.push_back(tags::create(tx, by, name, color).id);
    attribute birthday;
    birthday.name = "birthday";
    birthday.label = "Birthday · 生日";
    birthday.type = attribute_type::date;
    attributes::define(tx, by, birthday);
    attribute club;
    club.name = "club";
    club.label = "Tea club · 会员";
    club.type = attribute_type::choice;
    club.choices = {"leaf", "bud", "blossom"};
    attributes::define(tx, by, club);
    made.customers.resize(told.people.size());
    made.identities.resize(told.people.size());
    made.conversations.resize(told.talks.size());
    made.orders.resize(told.purchases.size());
    made.furnished = true;
}

} // namespace crm::demo
