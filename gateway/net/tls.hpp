// TLS contexts from certificate files. Io thread.
#pragma once

#include "gateway/net/server.hpp"

#include <boost/asio/ssl/context.hpp>
#include <memory>

namespace gateway::net {

/// TLS 1.2 and 1.3 with the given chain and key. Throws problem{invalid} that names the file at
/// fault.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const tls_files& files);

} // namespace gateway::net
