#include "gateway/net/tls.hpp"

#include "crm/base/problem.hpp"

#include <openssl/ssl.h>

namespace gateway::net {

namespace ssl = boost::asio::ssl;

namespace {

void check(const boost::system::error_code& failed, const std::string& file, const char* what)
{
    if (failed)
        throw crm::problem{
            crm::errc::invalid,
            std::string{"Cannot use the "} + what + " in " + file + ": " + failed.message() +
                ". It must be PEM and readable by this user.",
            what
        };
}

} // namespace

std::shared_ptr<ssl::context> make_tls_context(const tls_files& files)
{
    auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* native = made->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // Idle connections give their record buffers back: most of a socket's memory under TLS.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_num_tickets(native, 1);
    boost::system::error_code failed;
    made->use_certificate_chain_file(files.certificate, failed);
    check(failed, files.certificate, "certificate");
    made->use_private_key_file(files.key, ssl::context::pem, failed);
    check(failed, files.key, "key");
    if (SSL_CTX_check_private_key(native) != 1)
        throw crm::problem{
            crm::errc::invalid,
            "The key in " + files.key + " does not belong to the certificate in " +
                files.certificate + "."
        };
    return made;
}

} // namespace gateway::net
