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

var mail = builder.AddContainer("mail", "maildev/maildev", "2.2.1")
    .WithEndpoint(targetPort: 1025, scheme: "smtp")
    .WithHttpEndpoint(targetPort: 1080)
    .WithHttpHealthCheck("/healthz");

var servers = new Servers(mysql, redis, rabbitmq, builder.AddEncryptionKey("encryption-key"));

// Services: each has its database, and a migrate run before it
var identity = builder.AddService<Projects.FitFlow_Identity>("identity", servers, out var identityMigrate)
    .WithEnvironment("Sessions__CookieSuffix", builder.CookieSuffix())
    .WithEnvironment("Mail__Sender", builder.AddParameter("mail-sender", "FitFlow <no-reply@fitflow.localhost>"))
    .WithEnvironment("Mail__StartTls", builder.AddParameter("mail-starttls", "false"))
    .WithEnvironment("Mail__User", builder.AddParameter("mail-user", ""))
    .WithEnvironment("Mail__Password", builder.AddParameter("mail-password", "", secret: true));

// The first admin gets a letter by which to choose a password, once.
identityMigrate
    .WithEnvironment("Admin__Email", builder.AddParameter("admin-email", "admin@fitflow.localhost"))
    .WithEnvironment("Encryption__MasterKeys__1", servers.EncryptionKey);

var scheduling = builder.AddService<Projects.FitFlow_Scheduling>("scheduling", servers)
    .WithServiceToken(identity);

// The way in
var gateway = builder.AddProject<Projects.FitFlow_Gateway>("gateway", launchProfileName: null)
    .WithHttpEndpoint(port: 4000)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health/ready")
    .WithReference(redis)
    .WithServiceToken(identity)
    .WithReference(scheduling)
    .WithSettings()
    .WaitFor(redis)
    .WaitFor(identity)
    .WaitFor(scheduling);

// Where letters go, and where their links and those of calendars lead: here the catcher and the gateway, elsewhere what the deployment says
var mailServer = builder.Setting("mail-server", mail.GetEndpoint("smtp"));
var webAddress = builder.Setting("web-address", gateway.GetEndpoint("http"));
identity.WithEnvironment("Mail__Server", mailServer).WithEnvironment("Web__Address", webAddress);
identityMigrate.WithEnvironment("Web__Address", webAddress);
scheduling.WithEnvironment("Web__Address", webAddress);

builder.Build().Run();
