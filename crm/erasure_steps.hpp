// The pieces of an erasure, one function a phase. For crm/erasure.cpp alone.
#pragma once

#include "crm/erasure.hpp"

namespace crm::erasures {

// Each erases the next rows of one merged customer, moves the cursor, and says true when there were
// no more.

bool erase_person(transaction& tx, context& by, erasure& now, customer_id member);
bool erase_conversations(transaction& tx, context& by, erasure& now, customer_id member);
bool erase_files(transaction& tx, context& by, customer_id member, std::vector<std::string>& blobs);
bool erase_entries(transaction& tx, context& by, erasure& now, customer_id member);
bool erase_orders(transaction& tx, erasure& now, customer_id member);
bool erase_answers(transaction& tx, erasure& now, customer_id member);
bool erase_intake(transaction& tx, customer_id member, std::vector<std::string>& blobs);

} // namespace crm::erasures
