// The rates that hold for everybody, by key; log-ins have their own in gateway/sign_in.hpp. Io
// thread.
#pragma once

#include "gateway/settings.hpp"
#include "gateway/throttle.hpp"

namespace gateway {

struct rate_book
{
    explicit rate_book(const settings& how)
        : visitor_messages{{static_cast<double>(how.rates.visitor_messages), std::chrono::minutes{1}}
          },
          visitor_conversations{
              {static_cast<double>(how.rates.visitor_conversations), std::chrono::hours{1}}
          },
          visitor_uploads{{static_cast<double>(how.rates.visitor_uploads), std::chrono::hours{1}}},
          uploads_by_address{
              {static_cast<double>(how.rates.uploads_per_address), std::chrono::hours{1}}
          },
          visitor_sockets{{static_cast<double>(how.rates.visitor_sockets), std::chrono::minutes{1}}
          },
          visitor_pages{{static_cast<double>(how.rates.visitor_messages), std::chrono::minutes{1}}},
          api_requests{{static_cast<double>(how.rates.api_requests), std::chrono::minutes{1}}},
          client_errors{{10, std::chrono::minutes{1}}}, links{{30, std::chrono::minutes{10}}}
    {
    }

    throttle visitor_messages;
    throttle visitor_conversations;
    throttle visitor_uploads;
    throttle uploads_by_address;
    throttle visitor_sockets;
    throttle visitor_pages;
    throttle api_requests;
    throttle client_errors;
    throttle links;
};

} // namespace gateway
