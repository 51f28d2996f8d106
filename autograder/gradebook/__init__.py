"""The one wing that knows nbgrader: its gradebook, its plug-ins and its pages."""
