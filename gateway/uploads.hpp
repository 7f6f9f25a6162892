// Files on their way in and out (S16): types are told by their first bytes, pictures lose their
// hidden data, everything comes out under a policy that lets it do nothing. Io thread.
#pragma once

#include "gateway/house.hpp"
#include "gateway/net/http.hpp"

#include "crm/attachment.hpp"

namespace gateway {

/// What can be known of a customer's upload before its body is read. Throws problem when it would
/// be refused: {unauthenticated}, {forbidden}, {rate_limited}.
net::task<void> admit_customer_upload(house& in, const net::request& head);
/// A customer's upload: visitor token as bearer, raw body. Answers 201 with the attachment.
net::task<net::response> upload_by_customer(house& in, const net::request& asked);
/// The bytes under an address made by sign_address. Throws problem{not_found} for a wrong or old
/// one.
net::task<net::response> download_by_address(house& in, const net::request& asked);

/// Stores a body as an attachment of `wanted`'s owner. Throws problem{unsupported, too_large,
/// invalid}.
net::task<crm::attachment>
store_upload(house& in, crm::actor who, crm::attachment wanted, const net::request& asked);

/// The answer that carries an attachment's bytes, or the part of them that is asked for. They are
/// read while they are sent.
net::task<net::response>
attachment_answer(house& in, const net::request& asked, crm::attachment what);

/// Content-Disposition by RFC 6266 with an RFC 8187 name.
std::string disposition(std::string_view name, bool is_inline);

} // namespace gateway
