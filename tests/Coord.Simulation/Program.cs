using Coord.Simulation.Mutants;
using Coord.Simulation.Runs;

// The first argument is a verb of the simulator, or all of them belong to the test runner.
return args switch
{
    ["run", .. var rest] => RunCommand.Execute(rest, Console.Out),
    ["shrink", .. var rest] => ShrinkCommand.Execute(rest, Console.Out),
    [MutantsCommand.Verb, .. var rest] => await MutantsCommand.ExecuteAsync(rest, Console.Out),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
