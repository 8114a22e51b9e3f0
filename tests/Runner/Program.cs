using FitFlow.Testing;
using FitFlow.Testing.Runner;

// Starts one system and runs every test project against it, one after the other: two cores serve one project best.
var options = Options.Parse(args);
var suites = Suite.All(options).ToList();

await using var system = await SharedSystem.Start();

var tally = new Tally(0, 0);
foreach (var suite in suites)
{
    tally += await suite.Run(options, system.Environment);
}

Console.WriteLine();
Console.WriteLine(tally);
return tally.Failed == 0 && tally.Passed > 0 ? 0 : 1;
