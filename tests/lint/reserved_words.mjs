// Words that cannot name a table, a column or an index in at least one of the databases. Each list leaves
// out what stands in one above it.
const sqlite_3_40 = `
  add all alter and as autoincrement between case check collate commit constraint create cross
  default deferrable delete distinct drop else escape exists foreign from full group having in
  index inner insert intersect into is isnull join left limit natural not nothing notnull null
  on or order outer primary references returning right select set table then to transaction
  union unique update using values when where
`
const mariadb_10_11 = `
  accessible analyze asc asensitive before bigint binary blob both by call cascade change char
  character column condition continue convert current_date current_role current_time
  current_timestamp current_user cursor databases day_hour day_microsecond day_minute day_second
  dec decimal declare delayed delete_domain_id desc describe deterministic distinctrow div
  double do_domain_ids dual each elseif enclosed escaped except exit explain false fetch float
  float4 float8 for force fulltext grant high_priority hour_microsecond hour_minute hour_second
  if ignore ignore_domain_ids infile inout insensitive int int1 int2 int3 int4 int8 integer
  interval iterate key keys kill leading leave like linear lines load localtime localtimestamp
  lock long longblob longtext loop low_priority master_demote_to_replica master_demote_to_slave
  master_ssl_verify_server_cert match maxvalue mediumblob mediumint mediumtext middleint
  minute_microsecond minute_second mod modifies no_write_to_binlog numeric offset optimize
  optionally out outfile over page_checksum parse_vcol_expr partition portion precision
  procedure purge range read reads read_write real recursive ref_system_id regexp release rename
  repeat replace require resignal restrict return revoke rlike rows row_number schemas
  second_microsecond sensitive separator show signal smallint spatial specific sql sqlexception
  sqlstate sqlwarning sql_big_result sql_calc_found_rows sql_small_result ssl starting
  stats_auto_recalc stats_persistent stats_sample_pages straight_join terminated tinyblob
  tinyint tinytext trailing trigger true undo unlock unsigned usage use utc_date utc_time
  utc_timestamp varbinary varchar varcharacter varying while with write xor year_month zerofill
`
const mysql_8 = `
  cube cume_dist database dense_rank empty first_value function generated get grouping groups
  io_after_gtids io_before_gtids json_table lag last_value lateral lead manual master_bind
  nth_value ntile of optimizer_costs option parallel percent_rank qualify rank row schema stored
  system tablesample virtual window
`

export const reserved_words = new Map()
for (const [database, words] of [['MySQL 8', mysql_8], ['MariaDB', mariadb_10_11], ['SQLite', sqlite_3_40]]) {
  for (const word of words.trim().split(/\s+/)) reserved_words.set(word, database)
}
