#include "crm/store/mysql_errors.hpp"

namespace crm::db {

failure::kind kind_of_mysql(int code)
{
    switch (code) {
    case 1062: // ER_DUP_ENTRY
    case 1586: // ER_DUP_ENTRY_WITH_KEY_NAME
        return failure::kind::duplicate;
    case 1020: // ER_CHECKREAD
    case 1205: // ER_LOCK_WAIT_TIMEOUT
    case 1213: // ER_LOCK_DEADLOCK
        return failure::kind::contended;
    case 1021: // ER_DISK_FULL
    case 1114: // ER_RECORD_FILE_FULL
    case 1290: // ER_OPTION_PREVENTS_STATEMENT: read-only server
    case 1792: // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    case 1836: // ER_READ_ONLY_MODE
        return failure::kind::full;
    case 1153: // ER_NET_PACKET_TOO_LARGE
    case 1406: // ER_DATA_TOO_LONG
    case 2020: // CR_NET_PACKET_TOO_LARGE
        return failure::kind::oversize;
    case 1969: // ER_STATEMENT_TIMEOUT (MariaDB)
    case 3024: // ER_QUERY_TIMEOUT (MySQL)
        return failure::kind::overtime;
    case 1034: // ER_NOT_KEYFILE
    case 1194: // ER_CRASHED_ON_USAGE
        return failure::kind::corrupt;
    case 1040: // ER_CON_COUNT_ERROR
    case 1053: // ER_SERVER_SHUTDOWN
    case 1152: // ER_ABORTING_CONNECTION
    case 1158: // ER_NET_READ_ERROR and its kin
    case 1159:
    case 1160:
    case 1161:
    case 1317: // ER_QUERY_INTERRUPTED
    case 1927: // ER_CONNECTION_KILLED
    case 2002: // CR_CONNECTION_ERROR
    case 2003: // CR_CONN_HOST_ERROR
    case 2006: // CR_SERVER_GONE_ERROR
    case 2013: // CR_SERVER_LOST
    case 2014: // CR_COMMANDS_OUT_OF_SYNC: an answer was cut off
    case 2055: // CR_SERVER_LOST_EXTENDED
    case 4031: // ER_CLIENT_INTERACTION_TIMEOUT
        return failure::kind::lost;
    default:
        return failure::kind::other;
    }
}

} // namespace crm::db
