if (args is ["once", .. var rest])
{
    Console.WriteLine($"ran once as {Environment.ProcessId}");
    if (rest is [var code]) Console.Error.WriteLine("what it was to do could not be done");
    return rest is [var exit] ? int.Parse(exit) : 0;
}

if (Environment.GetEnvironmentVariable("FAIL_AT_START") is { } reason) throw new InvalidOperationException(reason);

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
var sick = false;
app.MapGet("/health", () => sick ? Results.Text("not well", statusCode: 503) : Results.Text("well"));
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/variables/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapPost("/say", (string line) => Console.WriteLine(line));
app.MapPost("/sicken", () => sick = true);
app.MapPost("/heal", () => sick = false);
app.MapPost("/exit/{code}", (int code) =>
{
    Console.WriteLine($"told to end with {code}");
    Environment.Exit(code);
});
app.Run();
return 0;
