using FitFlow.Hosting.Local.Cli;

return await Verbs.Run(args);
