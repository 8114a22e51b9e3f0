'use strict';

// s3rver's own command knows one fixed pair of keys; ours are given in the environment.
const AWSAccount = require('s3rver/lib/models/account');
const S3rver = require('s3rver');

const { S3_ACCESS_KEY, S3_SECRET_KEY, S3_DIRECTORY, S3_PORT, S3_BUCKETS } = process.env;
AWSAccount.DUMMY_ACCOUNT.revokeAccessKey('S3RVER');
AWSAccount.DUMMY_ACCOUNT.createKeyPair(S3_ACCESS_KEY, S3_SECRET_KEY);

// Browsers put and get files themselves, with URLs that the services sign.
const cors = `<CORSConfiguration><CORSRule>
  <AllowedOrigin>*</AllowedOrigin><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
  <AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
  <AllowedMethod>POST</AllowedMethod><AllowedMethod>DELETE</AllowedMethod>
</CORSRule></CORSConfiguration>`;

const server = new S3rver({
  address: '127.0.0.1',
  port: Number(S3_PORT),
  directory: S3_DIRECTORY,
  vhostBuckets: false,
  configureBuckets: S3_BUCKETS.split(',').filter(Boolean).map(name => ({ name, configs: [cors] })),
});

server.run().catch(error => {
  console.error(error.message);
  process.exit(1);
});

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
