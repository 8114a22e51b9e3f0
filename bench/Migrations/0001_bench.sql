CREATE TABLE orders_rows (
  tenant_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) ENGINE = InnoDB;

CREATE TABLE receipts_rows (
  tenant_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) ENGINE = InnoDB;
