var builder = DistributedApplication.CreateBuilder(args);

var secret = builder.AddParameter("secret", new GenerateParameterDefault { Special = false }, secret: true, persist: true);

var first = builder.AddProject<Projects.Echo>("first")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("SECRET", secret);

// Its child leaves the session, as servers do.
builder.AddExecutable("family", "sh", ".", "-c", "setsid sleep 1000 & exec sleep 1000");

var once = builder.AddProject<Projects.Echo>("once").WithArgs("once").WaitFor(first);

builder.AddProject<Projects.Echo>("second")
    .WithHttpEndpoint(port: 4310)
    .WithHttpHealthCheck("/health")
    .WithReference(first)
    .WaitForCompletion(once);

// What the tests make go wrong.
if (builder.Configuration["Missing"] == "parameter") builder.AddParameter("needed");
if (builder.Configuration["Missing"] == "tool") builder.AddExecutable("toolless", "no-such-tool", ".");
if (builder.Configuration["Missing"] == "project") builder.AddProject("unbuilt", "../Nowhere/Nowhere.csproj");
if (builder.Configuration["Missing"] == "stand-in") builder.AddContainer("elsewhere", "library/postgres", "18");
if (builder.Configuration["Required"] is { } port) first.WithHttpEndpoint(port: int.Parse(port), name: "required", isProxied: false);
if (builder.Configuration["Fail"] is { } reason) builder.AddProject<Projects.Echo>("failing").WithHttpEndpoint().WithEnvironment("FAIL_AT_START", reason);
if (builder.Configuration["BreaksBy"] is { } file) builder.AddExecutable("fragile", "sh", ".", "-c", $"if [ -e '{file}' ]; then echo 'it is broken'; exit 4; fi; exec sleep 1000");

builder.Build().Run();
