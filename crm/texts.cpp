#include "crm/texts.hpp"

#include <array>

namespace crm::texts {
namespace {

struct text
{
    text_name name;
    std::string_view english;
    std::string_view chinese;
};

constexpr std::array catalogue{
    text{
        text_name::greeting,
        "Hello! How can {brand} help you today?",
        "您好！{brand}有什么可以帮您？"
    },
    text{
        text_name::away,
        "Nobody is online right now. Leave a message and we will answer as soon as we are back.",
        "现在没有客服在线。请留言，我们上线后会尽快回复。"
    },
    text{
        text_name::out_of_hours,
        "We are closed at the moment and open again {opens}. Leave a message and your mail "
        "address, and "
        "we will answer.",
        "现在是非服务时间，我们将于{opens}恢复服务。请留言并留下邮箱，我们会回复您。"
    },
    text{
        text_name::queue_place,
        "You are number {place} in line. It will take about {minutes} min.",
        "您前面还有排队，当前位置第 {place} 位，预计等待约 {minutes} 分钟。"
    },
    text{text_name::queue_first, "You are next. One moment, please.", "下一位就是您，请稍候。"},
    text{text_name::agent_joined, "{agent} has joined the conversation.", "{agent} 已为您服务。"},
    text{text_name::agent_left, "{agent} has left the conversation.", "{agent} 已离开会话。"},
    text{
        text_name::conversation_ended,
        "This conversation has ended. Write again whenever you like.",
        "本次会话已结束。如有需要，欢迎随时再联系。"
    },
    text{
        text_name::offline_thanks,
        "Thank you. We have your message and will answer to {email}.",
        "谢谢，已收到您的留言，我们会回复到 {email}。"
    },
    text{
        text_name::privacy_notice,
        "{brand} keeps this conversation to answer you and to improve its service. You may ask for "
        "your "
        "data, or for its removal, at any time.",
        "{brand}会保存本次会话，用于回复您并改进服务。您可以随时要求查阅或删除您的信息。"
    },
    text{text_name::mail_reply_subject, "Re: {subject}", "回复：{subject}"},
    text{text_name::mail_auto_subject, "We have your message", "已收到您的来信"},
    text{
        text_name::mail_auto_body,
        "Hello,\n\nyour message has arrived. We usually answer within {hours} h.\n\n{brand}",
        "您好：\n\n您的来信已收到，我们通常会在 {hours} 小时内回复。\n\n{brand}"
    },
    text{text_name::invite_mail_subject, "Join {brand} on Parley", "邀请您加入 {brand} 的 Parley"},
    text{
        text_name::invite_mail_body,
        "Hello {name},\n\nopen this link to choose your password and start. It works once, for "
        "{hours} "
        "h:\n{link}",
        "{name}，您好：\n\n请打开以下链接设置密码并开始使用。链接仅可使用一次，{hours} "
        "小时内有效：\n{link}"
    },
    text{text_name::reset_mail_subject, "Choose a new password", "重设密码"},
    text{
        text_name::reset_mail_body,
        "Hello {name},\n\nopen this link to choose a new password. It works once, for {minutes} "
        "min:\n{link}\n\nIf you did not ask for it, nothing has changed and you can ignore this "
        "mail.",
        "{name}，您好：\n\n请打开以下链接重设密码。链接仅可使用一次，{minutes} "
        "分钟内有效：\n{link}\n\n如果不是您本人"
        "的请求，请忽略本邮件，您的密码不会改变。"
    },
};
static_assert(
    catalogue.size() == vocabulary<text_name>::all.size(), "every text stands in the catalogue"
);

bool is_chinese(std::string_view locale)
{
    return locale.starts_with("zh") || locale.starts_with("ZH");
}

} // namespace

std::string_view plain(text_name which, std::string_view locale)
{
    for (const text& one : catalogue)
        if (one.name == which)
            return is_chinese(locale) ? one.chinese : one.english;
    return {};
}

std::string filled(std::string_view text, std::initializer_list<blank> blanks)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos)
            break;
        text.remove_prefix(open);
        const std::size_t close = text.find('}');
        const std::string_view name =
            close == std::string_view::npos ? std::string_view{} : text.substr(1, close - 1);
        const blank* known = nullptr;
        for (const blank& one : blanks)
            if (one.first == name && !name.empty())
                known = &one;
        if (known) {
            out += known->second;
            text.remove_prefix(close + 1);
        } else {
            out += '{';
            text.remove_prefix(1);
        }
    }
    return out;
}

std::string of_inbox(
    const inbox& of, text_name which, std::string_view locale, std::initializer_list<blank> blanks
)
{
    const std::string_view language = is_chinese(locale) ? "zh" : locale.substr(0, 2);
    for (const inbox_text& own : of.texts)
        if (own.name == word(which) && std::string_view{own.locale}.substr(0, 2) == language)
            return filled(own.content, blanks);
    return filled(plain(which, locale), blanks);
}

} // namespace crm::texts
