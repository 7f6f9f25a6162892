// The road to MySQL, encrypted: a private MariaDB with a certificate of its own.
#include "crm/base/problem.hpp"
#include "crm/store/mysql.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/mariadb.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

namespace {

/// A certificate for localhost that vouches for itself, and its key.
struct certificate
{
    load::temp_dir place{"parley-tls"};
    std::string file = (place.path() / "certificate.pem").string();
    std::string key = (place.path() / "key.pem").string();

    certificate()
    {
        load::launch make;
        make.argv = {
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            key,
            "-out",
            file
        };
        load::run_and_read(make, 30s);
    }
};

std::string cipher_of(const std::string& url)
{
    const auto on = db::open_mysql(db::read_mysql_url(url), db::session::writer);
    std::string found;
    {
        auto row = on->query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
        if (row.next())
            found = row.text(1);
    }
    return found;
}

std::string by_name(std::string url)
{
    const std::string number = "127.0.0.1";
    return url.replace(url.find(number), number.size(), "localhost");
}

} // namespace

TEST_CASE("a store url says how the road to MySQL is protected")
{
    CHECK_FALSE(db::read_mysql_url("mysql://u:p@db/name").encrypted);
    CHECK(db::read_mysql_url("mysql://u:p@db/name?tls=required").encrypted);
    const auto checked = db::read_mysql_url("mysql://u:p@db/name?ca=%2Fetc%2Fca.pem");
    CHECK(checked.encrypted);
    CHECK(checked.authorities == "/etc/ca.pem");
    CHECK_THROWS_AS(db::read_mysql_url("mysql://u:p@db/name?tls=maybe"), problem);
}

TEST_CASE("with tls the road to MySQL is encrypted, and with ca the server must prove its name")
{
    if (!test::mariadb::is_installed())
        return;
    const certificate own;
    const certificate foreign;
    test::mariadb server{
        {"--ssl-cert=" + own.file, "--ssl-key=" + own.key, "--innodb-flush-method=nosync"}
    };
    const std::string url = by_name(server.fresh_database());
    CHECK_FALSE(cipher_of(url + "?tls=required").empty());
    CHECK_FALSE(cipher_of(url + "?ca=" + own.file).empty());
    CHECK_THROWS_AS(cipher_of(url + "?ca=" + foreign.file), db::failure);
}

TEST_CASE("a database server that does not encrypt is refused where tls is required")
{
    if (!test::mariadb::is_installed())
        return;
    const std::string url = test::mariadb::shared().fresh_database();
    CHECK_THROWS(cipher_of(url + "?tls=required"));
    const certificate own;
    CHECK_THROWS(cipher_of(url + "?ca=" + own.file));
}
