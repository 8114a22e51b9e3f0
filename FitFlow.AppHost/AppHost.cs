using FitFlow.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Servers
var mysql = builder.AddMySql("mysql", password: builder.AddPassword("mysql-password"))
    .WithArgs("--max-connections=1000", "--log-bin-trust-function-creators=1")
    .WithDataVolume("fitflow-mysql");

var redis = builder.AddRedis("redis")
    .WithDataVolume("fitflow-redis");

var rabbitmq = builder.AddRabbitMQ("rabbitmq")
    .WithDataVolume("fitflow-rabbitmq");

builder.AddContainer("s3", "minio/minio", "RELEASE.2025-09-07T16-13-09Z")
    .WithArgs("server", "/data")
    .WithEnvironment("MINIO_ROOT_USER", "fitflow")
    .WithEnvironment("MINIO_ROOT_PASSWORD", builder.AddPassword("s3-password"))
    .WithVolume("fitflow-s3", "/data")
    .WithHttpEndpoint(targetPort: 9000)
    .WithHttpHealthCheck("/minio/health/live");

builder.AddContainer("mail", "maildev/maildev", "2.2.1")
    .WithEndpoint(targetPort: 1025, scheme: "smtp")
    .WithHttpEndpoint(targetPort: 1080)
    .WithHttpHealthCheck("/healthz");

var servers = new Servers(mysql, redis, rabbitmq, builder.AddEncryptionKey("encryption-key"));

// Services: each has its database, and a migrate run before it
var identity = builder.AddService<Projects.FitFlow_Identity>("identity", servers);

// The way in
builder.AddProject<Projects.FitFlow_Gateway>("gateway", launchProfileName: null)
    .WithHttpEndpoint(port: 4000)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health/ready")
    .WithSettings("RateLimits", "Clusters", "Cors", "KnownProxies")
    .WithReference(redis)
    .WithServiceToken(identity)
    .WithOverrides()
    .WaitFor(redis)
    .WaitFor(identity);

builder.Build().Run();
