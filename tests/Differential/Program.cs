using Coord.Differential.Runs;

// Arguments of this program begin with "run"; all others belong to the test runner.
return args is ["run", ..]
    ? RunCommand.Execute(args[1..], Console.Out)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
